using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <content>
/// Gangs that go on with fewer. When the time of rank 0 to wait is over, those that are there are enough, or are not;
/// who comes later waits for the end of a step, and then all come together anew.
/// </content>
internal sealed partial class Gang
{
    private readonly List<RankProcess> _guests = [];
    private int[]? _awaited;
    private int _waits;

    /// <summary>Gets whether it goes on without some of its ranks.</summary>
    public bool IsElastic => First.LeastPods < First.PodCount;

    /// <summary>Gets when its round began.</summary>
    public TimeSpan BegunAt { get; private set; }

    /// <summary>Gets whether its ranks have come to their end.</summary>
    public bool IsOver => _over;

    /// <summary>True for a rank that makes steps with it.</summary>
    public bool Trains(RankProcess rank) => HasBegun && (!IsElastic || Members.Contains(rank));

    /// <summary>True while rank 0 will say what becomes of those that wait.</summary>
    public bool HasHost() => Members.Exists(m => m.Identity.PodIndex == 0 && !m.HasEnded && m.Pod.IsReachable);

    // Whoever was missing in the last round is not waited for again, unless rank 0 is another by now.
    private bool IsComplete() =>
        Members.Count >= First.PodCount
        || (_awaited is { } all && all.All(i => Members.Exists(m => m.Identity.PodIndex == i)));

    private bool HasGuests() => IsElastic && _guests.Exists(g => g is { HasEnded: false, IsStopping: false });

    // A rank comes while the others train.
    private void Receive(RankProcess rank)
    {
        if (_over || !rank.Pod.IsReachable || !HasHost())
        {
            // Nobody answers: it tries again until its time is over.
            Later(1, 3, () => TryAgain(rank));
            return;
        }

        world.Scheduler.Tell("gang", $"{rank.Identity.Name} comes late, at step {Step}");
        if (world.Faults.Chance(3))
        {
            // A step, or what follows on it, takes longer than it waits.
            Later(5, 20, () => rank.Exit(ExitCode.PeerLost));
            return;
        }

        _guests.RemoveAll(g => g.HasEnded);
        _guests.Add(rank);
    }

    private void TryAgain(RankProcess rank)
    {
        if (!rank.HasEnded)
        {
            Join(rank);
        }
    }

    // A round ends although none is lost.
    private void Regroup()
    {
        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} takes in who came late, at step {Step}");
        HasBegun = false;
        _round++;
        TakeGuests();
        Members.ForEach(m => m.Wait(Step));
        BeginWait(_awaited ?? [.. Members.Select(m => m.Identity.PodIndex)]);
        Later(0.1, 1, TryBegin);
    }

    private void TakeGuests()
    {
        Members.AddRange(_guests.Where(g => g is { HasEnded: false, IsStopping: false }));
        _guests.Clear();
    }

    private void BeginWait(int[]? awaited)
    {
        if (!IsElastic)
        {
            return;
        }

        _awaited = HasHost() ? awaited : null;
        var wait = ++_waits;
        world.Scheduler.After(
            First.Spec.Workers.RendezvousTimeout,
            () =>
            {
                if (wait == _waits && !HasBegun && !_over)
                {
                    EndWait();
                }
            }
        );
    }

    // Rank 0's time is over: those that it can reach are enough, or all give up.
    private void EndWait()
    {
        Members.RemoveAll(m => m.HasEnded);
        if (Members.Find(m => m.Identity.PodIndex == 0) is not { } host)
        {
            return;
        }

        var there = Members.FindAll(m =>
            !m.IsStopping && (m.Pod.Node == host.Pod.Node || (m.Pod.IsReachable && host.Pod.IsReachable))
        );
        if (there.Count < First.LeastPods || host.IsStopping)
        {
            world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} gives up with {there.Count} pods");
            Members.ForEach(m => Later(0.1, 1, () => m.Exit(ExitCode.PeerLost, Step)));
            return;
        }

        foreach (var rank in Members.Except(there).ToList())
        {
            Members.Remove(rank);
            Later(1, 3, () => TryAgain(rank));
        }

        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} goes on with {there.Count} of {First.PodCount}");
        Begin();
    }
}
