using CodeParrot.Contract.Runtime;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>A short pod that does one thing to the store, as the operator asks it to.</summary>
internal sealed class StoreProcess(TrainerWorld world, PodIdentity identity) : PodProcess(world, identity)
{
    public override void Terminate() => After(World.Between(0.1, 1), () => Exit(ExitCode.Stopped));

    public override RunProgress? Progress() => null;

    protected override void Begin() => After(World.Between(0.5, 4), Finish);

    private void Finish()
    {
        if (World.Faults.FailingTrainers && World.Faults.Chance(6))
        {
            Exit(ExitCode.StoreUnreachable);
            return;
        }

        var at = Identity.Arguments.ToList().FindLastIndex(a => a == "store");
        var command = at >= 0 && at + 1 < Identity.Arguments.Count ? Identity.Arguments[at + 1] : "";
        if (command.StartsWith("delete", StringComparison.Ordinal))
        {
            World.Store.DeleteRun(Identity);
        }

        if (command == "promote")
        {
            Promote(Identity.Arguments.SkipWhile(a => a != "--checkpoint").ElementAt(1));
            return;
        }

        Exit(ExitCode.Done);
    }

    private void Promote(string wanted)
    {
        var run = World.Store.Run(Identity.RunPath);
        if (run.Complete.LastOrDefault(c => wanted == c.Reference || wanted == c.Name) is not { } chosen)
        {
            Miss(wanted);
            return;
        }

        run.Published = chosen.Reference;
        Exit(ExitCode.Done, 0, KeyValuePair.Create("published", chosen.Reference));
    }
}
