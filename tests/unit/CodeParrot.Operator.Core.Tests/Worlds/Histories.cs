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

    public static void Play(Planner planner, IReadOnlyList<int> draws)
    {
        var world = new World(Runs.Small(), planner);
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
                seen.Add(world.Observe());
                world.Step();
            }

            seen.Add(world.Observe());
        }

        LetEnd(world);
    }

    private static void Happen(World world, int draw, List<Observed> seen)
    {
        var n = Math.Abs(draw / 16);
        switch (Math.Abs(draw % 16))
        {
            case 0 or 1 or 2 when world.Living.Any():
                var pod = world.Living.ElementAt(n % world.Living.Count());
                world.End(pod.Name, ExitCodes[n % ExitCodes.Length]);
                break;
            case 3 when world.Living.Any():
                world.Vanish(world.Living.ElementAt(n % world.Living.Count()).Name);
                break;
            case 4:
                world.Edit(s => s with { Suspend = !s.Suspend });
                break;
            case 5:
                var steps = world.Status.Checkpoints.Select(c => c.Step).Append(77).ToList();
                var back = new RollbackSpec { ToStep = steps[n % steps.Count], Nonce = $"{n % 3}" };
                world.Edit(s => s with { Rollback = back });
                break;
            case 6 when world.Status.Stage == "train":
                world.Report(n % 100, Runs.Checkpoint(n % 100, world.Status.Branch));
                break;
            case 7 or 8:
                world.Advance(Seconds[n % Seconds.Length]);
                break;
            case 9:
                world.Step(actions: n % 3);
                break;
            case 10:
                world.Step(Stale(world, seen[^Math.Min(seen.Count, 1 + (n % 12))], n / 12));
                break;
            case 11:
                world.End("-", 0);
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
        world.Edit(s => s with { Suspend = false });
        for (var i = 0; i < 200; i++)
        {
            if (world.Step().Finished)
            {
                return;
            }

            world.End("-", 0).Advance(10);
        }

        throw new InvariantException($"the run did not end: {world.Status.Phase}, {world.History[^1]}");
    }
}
