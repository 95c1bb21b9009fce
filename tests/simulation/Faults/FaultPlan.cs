using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>Which faults a seed has, each in half of the seeds, and how often they strike.</summary>
internal sealed class FaultPlan
{
    private readonly Random _random;
    private readonly List<string> _names = [];

    /// <summary>Draws the faults.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="none">True for a world without faults.</param>
    /// <param name="requests">
    /// True where people ask for checkpoints. Not drawn: seeds without it have the histories that they had before.
    /// </param>
    /// <param name="spikes">True where losses spike, and trainers ask to go back. Not drawn either.</param>
    /// <param name="peers">True where ranks outlive a lost one. No fault, and not drawn either.</param>
    /// <param name="fewer">
    /// True where they go on with fewer besides, in a cluster without room for all. Not drawn either.
    /// </param>
    public FaultPlan(
        Random random,
        bool none = false,
        bool requests = false,
        bool spikes = false,
        bool peers = false,
        bool fewer = false
    )
    {
        _random = random;
        bool Draw(string name)
        {
            var drawn = random.Next(2) == 0 && !none;
            if (drawn)
            {
                _names.Add(name);
            }

            return drawn;
        }

        Crashes = Draw("crashes");
        LostAnswers = Draw("lost answers");
        LateEvents = Draw("late events");
        RepeatedEvents = Draw("repeated events");
        BrokenWatches = Draw("broken watches");
        Compactions = Draw("410");
        StaleLists = Draw("stale lists");
        Paging = Draw("pages");
        Storms = Draw("storms");
        TwoOperators = Draw("two operators");
        Pauses = Draw("pauses");
        KilledPods = Draw("killed pods");
        LostNodes = Draw("lost nodes");
        SlowDeletes = Draw("slow deletes");
        TornUploads = Draw("torn uploads");
        FailingTrainers = Draw("failing trainers");
        StrayProgress = Draw("stray progress");
        Users = Draw("users");
        Restarts = Draw("restarts");
        Requests = requests;
        if (requests)
        {
            _names.Add("requests");
        }

        Spikes = spikes;
        if (spikes)
        {
            _names.Add("spikes");
        }

        Peers = peers;
        if (peers)
        {
            _names.Add("peers");
        }

        Fewer = fewer;
        if (fewer)
        {
            _names.Add("fewer");
        }
    }

    public bool Crashes { get; }

    public bool LostAnswers { get; }

    public bool LateEvents { get; }

    public bool RepeatedEvents { get; }

    public bool BrokenWatches { get; }

    public bool Compactions { get; }

    public bool StaleLists { get; }

    public bool Paging { get; }

    public bool Storms { get; }

    public bool TwoOperators { get; }

    public bool Pauses { get; }

    public bool KilledPods { get; }

    public bool LostNodes { get; }

    public bool SlowDeletes { get; }

    public bool TornUploads { get; }

    public bool FailingTrainers { get; }

    public bool StrayProgress { get; }

    public bool Users { get; }

    public bool Restarts { get; }

    public bool Requests { get; }

    public bool Spikes { get; }

    public bool Peers { get; }

    public bool Fewer { get; }

    /// <summary>Gets whether faults still happen; they stop for good before the end.</summary>
    public bool Active { get; private set; } = true;

    /// <summary>Gets or sets whether the server is overloaded now.</summary>
    public bool Overloaded { get; set; }

    public void Stop()
    {
        Active = false;
        Overloaded = false;
    }

    public override string ToString() => string.Join(", ", _names);

    public bool Chance(int oneIn) => Active && _random.Next(oneIn) == 0;

    public int Pick(int count) => _random.Next(count);

    public TimeSpan Latency() =>
        TimeSpan.FromMilliseconds(LateEvents && Chance(20) ? _random.Next(3000) : 1 + _random.Next(20));

    public TimeSpan EventDelay() =>
        TimeSpan.FromMilliseconds(LateEvents && Chance(4) ? _random.Next(5000) : 1 + _random.Next(50));

    public bool RepeatsEvent() => RepeatedEvents && Chance(5);

    public long ListAge() => StaleLists && Chance(2) ? _random.Next(30) : 0;

    public bool Compacts() => Compactions && Chance(1);

    public TimeSpan? WatchLifetime() =>
        BrokenWatches && Active ? TimeSpan.FromSeconds(1 + _random.Next(90))
        : _random.Next(2) == 0 ? TimeSpan.FromSeconds(300 + _random.Next(300))
        : null;

    public Exception? WatchFailure() =>
        _random.Next(3) switch
        {
            0 => null,
            1 => new IOException("the stream broke"),
            _ => Compactions && Active ? Refusals.Expired(0) : null,
        };

    public RequestFate RequestFate(bool writes)
    {
        if (Overloaded && Chance(2))
        {
            return Chance(2) ? Faults.RequestFate.TooMany : Faults.RequestFate.Unavailable;
        }

        if (writes && Crashes && Chance(60))
        {
            return Chance(2) ? Faults.RequestFate.CrashBefore : Faults.RequestFate.CrashAfter;
        }

        if (LostAnswers && Chance(25))
        {
            return _random.Next(3) switch
            {
                0 => Faults.RequestFate.Unsent,
                1 => Faults.RequestFate.Unanswered,
                _ => Faults.RequestFate.TimedOut,
            };
        }

        return Faults.RequestFate.Served;
    }
}
