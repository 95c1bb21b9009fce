using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>A pod of the train stage: joins its attempt's gang, and makes steps with it.</summary>
internal sealed class RankProcess(TrainerWorld world, PodIdentity identity) : PodProcess(world, identity)
{
    private int _waits;
    private bool _missesTheEnd;

    /// <summary>Gets whether SIGTERM came.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Gets when it was started.</summary>
    public TimeSpan BegunAt { get; private set; }

    /// <summary>Gets or sets whether it has the gang's state in memory.</summary>
    public bool HoldsState { get; set; }

    private Gang Gang => World.GangOf(Identity);

    public override void Terminate()
    {
        IsStopping = true;
        if (_missesTheEnd)
        {
            After(World.Between(0.1, 2), () => Exit(ExitCode.PeerLost));
        }
        else if (!Gang.Trains(this))
        {
            After(World.Between(0.1, 2), () => Exit(ExitCode.Stopped));
        }
    }

    /// <summary>Waits for the others, and not for ever.</summary>
    public void Wait(long step)
    {
        var wait = ++_waits;
        After(
            Identity.Spec.Workers.RendezvousTimeout,
            () =>
            {
                if (wait != _waits || Gang.Trains(this))
                {
                    return;
                }

                if (Gang.IsElastic && !Gang.HasBegun && Gang.HasHost())
                {
                    // Who is in leaves the verdict to rank 0.
                    Wait(step);
                }
                else
                {
                    Exit(ExitCode.PeerLost, step);
                }
            }
        );
    }

    /// <summary>Ends as the gang does, unless it has missed that.</summary>
    public void ExitWith(ExitCode code, long step)
    {
        if (!_missesTheEnd)
        {
            Exit(code, step);
        }
    }

    /// <summary>Does not hear that the gang has come to its end, and waits for another round.</summary>
    public void MissTheEnd(long step)
    {
        _missesTheEnd = true;
        After(
            IsStopping ? World.Between(0.1, 2) : Identity.Spec.Workers.RendezvousTimeout,
            () => Exit(ExitCode.PeerLost, step)
        );
    }

    public override void Ask(string runUid, CheckpointRequest request)
    {
        if (Identity.PodIndex == 0 && Identity.RunUid == runUid)
        {
            Gang.Ask(request);
        }
    }

    /// <summary>Ends for a spike of the loss.</summary>
    public void AskToGoBack(StoredCheckpoint target, long step) =>
        Exit(
            ExitCode.Diverged,
            step,
            message =>
                message with
                {
                    Class = TerminationMessage.LossSpike,
                    Checkpoint = target.Reference,
                    SkipSteps = (int)(step - target.Step),
                }
        );

    public override RunProgress? Progress()
    {
        // Whoever takes the place of a lost rank knows of no step before the others have told it.
        var step = Identity.Generation == 0 || HoldsState ? Gang.Step : 0;
        return new()
        {
            RunUid = Identity.RunUid,
            Attempt = Identity.Attempt,
            Stage = Identity.Stage,
            Step = step,
            MaxSteps = Identity.Spec.Training.MaxSteps,
            Loss = 3.0 - (step / 100.0),
            TokensPerSecond = 1000,
            Checkpoint = Gang.Newest is { } newest ? SimulatedStore.Summarise(newest) : null,
            Stored = Identity.PodIndex == 0 ? Gang.Stored : null,
            ServedRequest = Identity.PodIndex == 0 ? Gang.Newest?.ServedRequest : null,
            Ranks =
            [
                .. Enumerable
                    .Range(Identity.PodIndex * Identity.LocalWorldSize, Identity.LocalWorldSize)
                    .Select(rank => new RankProgress(
                        rank,
                        Gang.HasBegun ? "Training" : "Joining",
                        step,
                        Gang.StepsMade > 0 && step > 0 ? 1 : 0,
                        Scheduler.UtcNow
                    )),
            ],
            UpdatedAt = Scheduler.UtcNow,
        };
    }

    protected override void Begin()
    {
        BegunAt = Scheduler.Now;
        After(World.Between(0.1, 2), () => Gang.Join(this));
        Wait(step: 0);
    }

    protected override void OnEnd() => Gang.Left(this);
}
