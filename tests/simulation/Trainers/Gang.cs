using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>The ranks of one attempt: they meet, resume from the store, make steps, and commit checkpoints.</summary>
/// <param name="world">What all processes share.</param>
/// <param name="first">Identity of the rank that asked first.</param>
internal sealed partial class Gang(TrainerWorld world, PodIdentity first)
{
    private static readonly ExitCode[] Failures =
    [
        ExitCode.Unexpected,
        ExitCode.Unexpected,
        ExitCode.StoreUnreachable,
        ExitCode.GpuFault,
    ];

    private static readonly ExitCode[] PermanentFailures =
    [
        ExitCode.UserMistake,
        ExitCode.Diverged,
        ExitCode.OutOfGpuMemory,
    ];

    private CheckpointRequest _asked = new("", Generation: 0);
    private int _round;
    private bool _over;
    private bool _done;

    public PodIdentity First { get; } = first;

    public List<RankProcess> Members { get; } = [];

    public bool HasBegun { get; private set; }

    public long Step { get; private set; }

    /// <summary>Gets the last step that was made, whether it is still known or not.</summary>
    public long Reached { get; private set; }

    public int StepsMade { get; private set; }

    /// <summary>Gets the newest complete checkpoint that the gang knows of; null for none.</summary>
    public StoredCheckpoint? Newest { get; private set; }

    /// <summary>Gets the complete checkpoints of the run as rank 0 last saw them; null before it has looked.</summary>
    public IReadOnlyList<string>? Stored { get; private set; }

    /// <summary>Gets the request for a checkpoint that none serves yet; null for none.</summary>
    public CheckpointRequest? OpenRequest
    {
        get
        {
            var served = Newest?.ServedUpTo(First.RunUid);
            var isOpen = _asked.Nonce.Length > 0 && _asked.Nonce != served?.Nonce;
            return isOpen && _asked.Generation >= (served?.Generation ?? 0) ? _asked : null;
        }
    }

    private PodIdentity Leader => Members.First(m => m.Identity.PodIndex == 0).Identity;

    /// <summary>A rank is ready; the last one to come begins the training.</summary>
    public void Join(RankProcess rank)
    {
        if (First.OutlivesPeers && !Displaces(rank))
        {
            rank.Exit(ExitCode.PeerLost);
            return;
        }

        if (HasBegun && IsElastic)
        {
            Receive(rank);
            return;
        }

        if (HasBegun)
        {
            // Two pods with one index, or more than the world holds.
            rank.Exit(ExitCode.PeerLost);
            return;
        }

        Members.RemoveAll(m => m.HasEnded);
        Members.Add(rank);
        if (rank.Identity.PodIndex == 0 && world.Store.Claim(rank.Identity) is { } refused)
        {
            rank.Exit(refused);
            return;
        }

        if (rank.Identity.PodIndex == 0)
        {
            BeginWait(awaited: null);
        }

        TryBegin();
    }

    /// <summary>Rank 0 is asked for a checkpoint, unless a newer request was heard before.</summary>
    public void Ask(CheckpointRequest request)
    {
        if (request.Generation < _asked.Generation || request == _asked)
        {
            return;
        }

        _asked = request;
        world.Scheduler.Tell(
            "gang",
            $"{First.Run} a{First.Attempt} hears of {request.Nonce} of generation {request.Generation}"
        );
    }

    /// <summary>A rank has ended; the others notice it.</summary>
    public void Left(RankProcess rank)
    {
        if (_done && First.OutlivesPeers && rank.End!.ExitCode != 0 && rank.Identity.PodIndex != 0)
        {
            LoseAtTheEnd();
        }
        else if (HasBegun && !_over && First.OutlivesPeers)
        {
            if (Members.Contains(rank))
            {
                Lose();
            }
        }
        else if (HasBegun && !_over)
        {
            _over = true;
            foreach (var other in Members.Where(m => !m.HasEnded))
            {
                Later(0.1, 3, () => other.Exit(ExitCode.PeerLost, Step));
            }
        }
    }

    // Rank 0 has done what is left to do. Some of the others have not heard its last word, and meet for a round that it
    // does not come to.
    private void LoseAtTheEnd()
    {
        foreach (var member in Members.Where(m => m.Identity.PodIndex != 0 && !m.HasEnded))
        {
            member.MissTheEnd(Step);
        }
    }

    // A rank of a higher generation takes the place of a lower one, which may be a zombie; never the other way round.
    private bool Displaces(RankProcess rank)
    {
        _guests.RemoveAll(g => g.HasEnded || g == rank);
        var seated = Members
            .Concat(_guests)
            .FirstOrDefault(m => !m.HasEnded && m != rank && m.Identity.PodIndex == rank.Identity.PodIndex);
        if (seated is null)
        {
            return true;
        }

        if (seated.Identity.Generation >= rank.Identity.Generation)
        {
            return false;
        }

        var wasMember = Members.Remove(seated);
        _guests.Remove(seated);
        Later(0.1, 3, () => seated.Exit(ExitCode.PeerLost, Step));
        if (HasBegun && wasMember)
        {
            Lose();
        }

        return true;
    }

    // The ranks that are left keep what they have in memory, and wait for another round.
    private void Lose()
    {
        HasBegun = false;
        _round++;
        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} has lost a rank at step {Step}");
        foreach (var member in Members.Where(m => !m.HasEnded).ToList())
        {
            member.Wait(Step);
            if (member.IsStopping)
            {
                Later(0.1, 2, () => member.Exit(ExitCode.Stopped, Step));
            }
        }

        TakeGuests();
        BeginWait(_awaited);
        Later(0.1, 3, TryBegin);
    }

    private void TryBegin()
    {
        if (First.OutlivesPeers)
        {
            Members.RemoveAll(m => m.HasEnded);
        }

        var apart = Members.Any(m => !m.Pod.IsReachable) && Members.Select(m => m.Pod.Node).Distinct().Count() > 1;
        if (!IsComplete() || apart || Members.All(m => m.Identity.PodIndex != 0))
        {
            if (apart)
            {
                Later(1, 2, TryBegin);
            }

            return;
        }

        if (HasBegun || Members.Exists(m => m.HasEnded || m.IsStopping))
        {
            return;
        }

        Begin();
    }

    private void Begin()
    {
        HasBegun = true;
        BegunAt = world.Scheduler.Now;
        _awaited = Members.Count < First.PodCount ? [.. Members.Select(m => m.Identity.PodIndex)] : null;
        if (Members.Exists(m => m.HoldsState))
        {
            GoOn();
            return;
        }

        // Each rank reads the store for itself, by its own environment.
        var resumed = Members
            .Select(m => world.Store.Run(m.Identity.RunPath).ResumeFrom(m.Identity.Branch, m.Identity.StartFrom))
            .ToList();
        if (Leader.StartFrom.Length > 0 && resumed[0] is null)
        {
            Members.First(m => m.Identity.PodIndex == 0).Miss(Leader.StartFrom);
            return;
        }

        Look();

        Newest = resumed[0];
        Step = Newest?.Step ?? 0;
        Reached = Math.Max(Reached, Step);
        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} goes on from step {Step} on {Leader.Branch}");
        world.Resumes(this, [.. resumed.Select(r => r?.Step ?? 0)]);
        Members.ForEach(m => m.HoldsState = First.OutlivesPeers);
        if (Step >= First.Spec.Training.MaxSteps)
        {
            Finish();
            return;
        }

        NextStep();
    }

    // Another round: those that are left tell the others what they have in memory.
    private void GoOn()
    {
        var before = Step;
        Look();
        // Some may have made a step that the others had not.
        Step = Math.Max(Newest?.Step ?? 0, Step - world.Random.Next(2));
        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} goes on at step {Step} in round {_round}");
        world.GoesOn(this, before);
        Members.ForEach(m => m.HoldsState = true);
        if (Step < First.Spec.Training.MaxSteps)
        {
            NextStep();
        }
        else if (Newest?.Step == Step)
        {
            Finish();
        }
        else
        {
            Checkpoint(stops: false);
        }
    }

    private void NextStep()
    {
        if (HasGuests())
        {
            Regroup();
        }
        else
        {
            LaterInRound(0.5, 2, MakeStep);
        }
    }

    private void MakeStep()
    {
        if (_over || IsBroken() || Fails())
        {
            return;
        }

        Step++;
        Reached = Math.Max(Reached, Step);
        StepsMade++;
        var spec = First.Spec;
        var stops = Members.Exists(m => m.IsStopping);
        var isAsked = OpenRequest is not null;
        if (stops || isAsked || Step % Math.Max(1, spec.Checkpoints.EverySteps) == 0 || Step >= spec.Training.MaxSteps)
        {
            Checkpoint(stops);
        }
        else
        {
            NextStep();
        }
    }

    private bool IsBroken()
    {
        var apart = Members.Any(m => !m.Pod.IsReachable) && Members.Select(m => m.Pod.Node).Distinct().Count() > 1;
        if (!apart && !Members.Exists(m => m.HasEnded))
        {
            return false;
        }

        if (First.OutlivesPeers)
        {
            Lose();
        }
        else
        {
            Members.Find(m => !m.HasEnded)?.Exit(ExitCode.PeerLost, Step);
        }

        return true;
    }

    private bool Fails()
    {
        if (Newest is { } target && world.Faults.Spikes && world.Faults.Chance(20))
        {
            GoBack(target);
            return true;
        }

        if (!world.Faults.FailingTrainers || !world.Faults.Chance(60))
        {
            return false;
        }

        var culprit = Members[world.Random.Next(Members.Count)];
        if (world.Faults.Chance(3))
        {
            world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} hangs");
            world.Hangs(this);
            return true;
        }

        if (world.Faults.Chance(6))
        {
            culprit.Kill("OOMKilled");
            return true;
        }

        var codes = world.Faults.Chance(20) ? PermanentFailures : Failures;
        culprit.Exit(codes[world.Random.Next(codes.Length)], Step);
        return true;
    }

    // Each rank sees the same loss.
    private void GoBack(StoredCheckpoint target)
    {
        _over = true;
        world.Scheduler.Tell("gang", $"{First.Run} a{First.Attempt} asks to go back to {target.Reference}");
        world.GoesBack(this, target);
        foreach (var member in Members)
        {
            Later(0.05, 1, () => member.AskToGoBack(target, Step));
        }
    }

    private void Checkpoint(bool stops)
    {
        var uploaded = world.Store.Upload(Leader, Step, OpenRequest, Newest);
        if (world.Faults.TornUploads && world.Faults.Chance(6))
        {
            Later(0.1, 1, () => Members[world.Random.Next(Members.Count)].Kill(""));
        }

        LaterInRound(0.5, 3, () => Commit(uploaded, stops));
    }

    private void Commit(StoredCheckpoint uploaded, bool stops)
    {
        if (_over || IsBroken())
        {
            return;
        }

        if (!world.Store.Owns(Leader))
        {
            Members.First(m => m.Identity.PodIndex == 0).Exit(ExitCode.PeerLost, Step);
            return;
        }

        world.Store.Commit(Leader, uploaded);
        if (!stops)
        {
            // Who asked it to stop may be about to go back to what would be deleted.
            world.Store.Retain(Leader, First.Spec.Checkpoints.Keep);
        }

        Newest = uploaded;
        Look();
        if (stops && Step < First.Spec.Training.MaxSteps)
        {
            End(ExitCode.Stopped);
        }
        else if (Step >= First.Spec.Training.MaxSteps)
        {
            Finish();
        }
        else
        {
            NextStep();
        }
    }

    private void Look() => Stored = [.. world.Store.Run(First.RunPath).Complete.Select(c => c.Reference)];

    private void Finish() => End(ExitCode.Done);

    private void End(ExitCode code)
    {
        _over = true;
        _done = code == ExitCode.Done;
        foreach (var member in Members)
        {
            Later(0.05, 1, () => member.ExitWith(code, Step));
        }

        if (_done && world.Faults.FailingTrainers && world.Faults.Chance(4))
        {
            Later(0.05, 1, () => Members[world.Random.Next(Members.Count)].Kill(""));
        }
    }

    // What a round had begun is not finished in the next one.
    private void LaterInRound(double min, double max, Action action)
    {
        var round = _round;
        Later(
            min,
            max,
            () =>
            {
                if (round == _round)
                {
                    action();
                }
            }
        );
    }

    private void Later(double min, double max, Action action) => world.Scheduler.After(world.Between(min, max), action);
}
