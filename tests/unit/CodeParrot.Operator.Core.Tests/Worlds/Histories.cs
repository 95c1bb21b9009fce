using CodeParrot.Api.Names;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>
/// Plays histories of faults drawn from numbers; at their end the faults stop and the run must end too.
/// </summary>
internal static class Histories
{
    private static readonly int[] ExitCodes = [0, 0, 1, 1, 2, 43, 43, 44, 75, 137, 137];
    private static readonly double[] Seconds = [0.5, 4, 12, 60, 900];
    private static readonly string[] Gangs = ["scheduling.gang=Volcano"];
    private static readonly string[] Peers = ["failurePolicy.recovery=Peers"];
    private static readonly string[] Fewer = ["workers.count=3", "workers.minCount=2"];
    private static readonly string[][] Shapes =
    [
        [],
        Gangs,
        ["retainArtifacts=false"],
        ["disruption=BlockUntilCheckpoint"],
        ["workers.count=3"],
        ["ttlAfterFinished=1h"],
    ];

    public static World Play(Planner planner, IReadOnlyList<int> draws)
    {
        var shape = Shapes[draws[1] % Shapes.Length];
        var outlives = draws[2] % 3 == 0 && shape != Gangs;
        var world = new World(
            Runs.Small([.. shape, .. outlives ? Peers : [], .. outlives && draws[2] % 6 == 0 ? Fewer : []]),
            planner
        );
        if (draws[0] % 4 > 0)
        {
            // Most of what can go wrong goes wrong among several ranks.
            world.ToTraining();
        }

        var seen = new List<Observed> { world.Observe() };
        foreach (var draw in draws)
        {
            Happen(world, draw, seen);
            for (var i = 0; i < draw / 7 % 3; i++)
            {
                Look();
                world.Step();
            }

            Look();
            Invariants.CheckTime(world);
        }

        LetEnd(world);
        return world;

        void Look()
        {
            if (!world.Gone)
            {
                seen.Add(world.Observe());
            }
        }
    }

    private static void Happen(World world, int draw, List<Observed> seen)
    {
        var n = Math.Abs(draw / 64);
        var living = world.Living.ToList();
        switch (Math.Abs(draw % 32))
        {
            case 0 or 1 or 2 when living.Count > 0:
                world.End(living[n % living.Count].Name, ExitCodes[n % ExitCodes.Length]);
                break;
            case 3 when living.Count > 0:
                world.Vanish(living[n % living.Count].Name);
                break;
            case 4:
                world.Edit(s => s with { Suspend = !s.Suspend });
                break;
            case 5:
                var steps = world.Status.Checkpoints.Select(c => c.Step).Append(77).ToList();
                var back = new RollbackSpec { ToStep = steps[n % steps.Count], Nonce = $"{n % 3}" };
                world.Edit(s => s with { Rollback = back });
                break;
            case 6 or 7 when world.Status.Stage == "train":
                var taken = Runs.Checkpoint(n % 100, world.Status.Branch);
                world.Report(n % 100, n % 2 == 0 ? taken : null);
                if (n % 4 == 0)
                {
                    // Whether anybody was asked or not: what a gang knows may be older than what is wanted.
                    world.Serve($"{n % 5}", $"{taken.Branch}/{taken.Name}");
                }

                break;
            case 8 or 9 or 10:
                world.Advance(Seconds[n % Seconds.Length]);
                break;
            case 11:
                world.Step(actions: n % 3);
                break;
            case 12 or 13:
                world.Step(Stale(world, seen[^Math.Min(seen.Count, 1 + (n % 12))], n / 12));
                break;
            case 14 or 15:
                world.End("-", 0);
                break;
            case 16 when living.Count > 0:
                world.End(living[n % living.Count].Name, 143, disruption: "PreemptionByScheduler");
                break;
            default:
                Disturb(world, Math.Abs(draw % 32), n, living);
                break;
        }
    }

    private static void Disturb(World world, int kind, int n, List<PodObservation> living)
    {
        switch (kind)
        {
            case 17 when living.Count > 0 && living[n % living.Count].Scheduled:
                var lost = living[n % living.Count];
                world.LostNodes.Add(lost.Node);
                world.Change(lost.Name, p => n % 2 == 0 ? p with { Phase = PodPhase.Unknown } : p);
                break;
            case 18:
                world.Hang("-train-");
                break;
            case 19 when n % 6 == 0:
                world.Delete();
                break;
            case 20:
                world.Edit(s => s with { RetainArtifacts = !s.RetainArtifacts });
                break;
            case 21:
                var names = world.Status.Checkpoints.Select(c => $"{c.Branch}/{c.Name}").ToList();
                string[] values = ["Never", "OnSuccess", "b1/step-000000077-a1", .. names, .. names];
                world.Edit(s => s with { Publish = new PublishSpec { Promote = values[n % values.Length] } });
                break;
            case 22:
                var broken = world.Run.Spec.Training.MaxSteps == 0;
                world.Edit(s => s with { Training = s.Training with { MaxSteps = broken ? 100 : 0 } });
                break;
            case 23:
                TimeSpan? limit = n % 3 > 0 ? TimeSpan.FromMinutes(20) : null;
                world.Edit(s => s with { FailurePolicy = s.FailurePolicy with { TotalDeadline = limit } });
                break;
            case 24:
                world.HasRoom = false;
                break;
            case 25:
                world.MakeRoom();
                break;
            case 26 when n % 3 == 0:
                world.Annotate(AnnotationNames.SkipCleanup, "true");
                break;
            case 27 when world.Run.Metadata.DeletionTimestamp is not null:
                world.Around.NamespaceTerminating = true;
                break;
            case 28 or 29:
                world.Ask($"{n % 5}");
                break;
            default:
                world.Step();
                break;
        }
    }

    // Caches of runs and of pods are filled by different watches: either may lag behind, or both.
    private static Observed Stale(World world, Observed old, int n) =>
        (n % 3) switch
        {
            0 => old,
            1 => old with { Pods = [.. world.Pods], Now = world.Now },
            _ => old with { Run = world.Run, Now = world.Now },
        };

    private static void LetEnd(World world)
    {
        world
            .Edit(s =>
                s with
                {
                    Suspend = false,
                    Training = s.Training with { MaxSteps = 100 },
                    FailurePolicy = s.FailurePolicy with { TotalDeadline = null },
                }
            )
            .MakeRoom();
        for (var i = 0; i < 600; i++)
        {
            if (world.Gone)
            {
                return;
            }

            var isOver = world.Step().Finished && world.Run.Spec.TtlAfterFinished is null;
            if (isOver)
            {
                Invariants.CheckEnd(world);
                return;
            }

            world.End("-", 0).Advance(30);
        }

        throw new InvariantException($"the run did not end: {world.Status.Phase}, {world.History[^1]}");
    }
}
