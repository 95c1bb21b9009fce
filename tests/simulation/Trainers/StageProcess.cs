using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>A stage without steps: it works for a while, and leaves its outputs.</summary>
internal sealed class StageProcess(TrainerWorld world, PodIdentity identity) : PodProcess(world, identity)
{
    private TimeSpan _begun;

    public override void Terminate() => After(World.Between(0.1, 2), () => Exit(ExitCode.Stopped));

    public override RunProgress? Progress() =>
        new()
        {
            RunUid = Identity.RunUid,
            Attempt = Identity.Attempt,
            Stage = Identity.Stage,
            Step = (long)(Scheduler.Now - _begun).TotalSeconds,
            Unit = "documents",
            UpdatedAt = Scheduler.UtcNow,
        };

    protected override void Begin()
    {
        _begun = Scheduler.Now;
        After(World.Between(0.5, 6), Finish);
    }

    private void Finish()
    {
        if (World.Faults.FailingTrainers && World.Faults.Chance(12))
        {
            Exit(World.Faults.Chance(20) ? ExitCode.CorruptData : ExitCode.StoreUnreachable);
            return;
        }

        if (Identity.Stage != StageNames.Publish)
        {
            Exit(ExitCode.Done, 0, KeyValuePair.Create(Identity.Stage, $"{Identity.Stage}s/abc"));
            return;
        }

        var run = World.Store.Run(Identity.RunPath);
        var promote = Identity.Spec.Publish.Promote;
        var chosen =
            run.Complete.LastOrDefault(c => promote == c.Reference || promote == c.Name)
            ?? run.Complete.Where(c => c.Branch == Identity.Branch).MaxBy(c => c.Step)
            ?? run.Newest;
        if (chosen is null)
        {
            Exit(ExitCode.UserMistake);
            return;
        }

        run.Published = chosen.Reference;
        Exit(ExitCode.Done, 0, KeyValuePair.Create("published", chosen.Reference));
    }
}
