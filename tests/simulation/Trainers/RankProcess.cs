using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>A pod of the train stage: joins its attempt's gang, and makes steps with it.</summary>
internal sealed class RankProcess(TrainerWorld world, PodIdentity identity) : PodProcess(world, identity)
{
    /// <summary>Gets whether SIGTERM came.</summary>
    public bool IsStopping { get; private set; }

    private Gang Gang => World.GangOf(Identity);

    public override void Terminate()
    {
        IsStopping = true;
        if (!Gang.HasBegun)
        {
            After(World.Between(0.1, 2), () => Exit(ExitCode.Stopped));
        }
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

    public override RunProgress? Progress() =>
        new()
        {
            RunUid = Identity.RunUid,
            Attempt = Identity.Attempt,
            Stage = Identity.Stage,
            Step = Gang.Step,
            MaxSteps = Identity.Spec.Training.MaxSteps,
            Loss = 3.0 - (Gang.Step / 100.0),
            TokensPerSecond = 1000,
            Checkpoint = Gang.Newest is { } newest ? SimulatedStore.Summarise(newest) : null,
            ServedRequest = Identity.PodIndex == 0 ? Gang.Newest?.ServedRequest : null,
            Ranks =
            [
                .. Enumerable
                    .Range(Identity.PodIndex * Identity.LocalWorldSize, Identity.LocalWorldSize)
                    .Select(rank => new RankProgress(
                        rank,
                        Gang.HasBegun ? "Training" : "Joining",
                        Gang.Step,
                        Gang.StepsMade > 0 ? 1 : 0,
                        Scheduler.UtcNow
                    )),
            ],
            UpdatedAt = Scheduler.UtcNow,
        };

    protected override void Begin()
    {
        After(World.Between(0.1, 2), () => Gang.Join(this));
        After(
            Identity.Spec.Workers.RendezvousTimeout,
            () =>
            {
                if (!Gang.HasBegun)
                {
                    Exit(ExitCode.PeerLost);
                }
            }
        );
    }

    protected override void OnEnd() => Gang.Left();
}
