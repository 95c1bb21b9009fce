using System.Diagnostics;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// Ranks as processes of an attempt with recovery Peers: each that is killed is replaced by a new one.
/// </summary>
internal static class ReplacedProcess
{
    /// <summary>First argument of a process that is such a rank.</summary>
    public const string Command = "replaced-rank";

    /// <summary>Runs a gang to its end and returns the exit code of each rank's last process.</summary>
    /// <param name="run">The run.</param>
    /// <param name="worldSize">Number of ranks.</param>
    /// <param name="kills">Ranks whose first process kills itself in the middle of a step, and the steps before
    /// it.</param>
    public static async Task<int[]> RunGangAsync(TestRun run, int worldSize, params (int Rank, long AfterStep)[] kills)
    {
        var port = FreePort.Draw();
        return await Task.WhenAll(Enumerable.Range(0, worldSize).Select(LiveAsync));

        async Task<int> LiveAsync(int rank)
        {
            var deaths = kills.Where(kill => kill.Rank == rank).Select(kill => kill.AfterStep).ToList();
            for (var generation = 0; ; generation++)
            {
                var death = generation < deaths.Count ? deaths[generation] : -1;
                long[] numbers = [rank, worldSize, port, generation, death];
                using var process = RankProcess.StartSelf([
                    Command,
                    run.Folder,
                    .. numbers.Select(number => $"{number}"),
                ]);
                var error = await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
                if (death < 0)
                {
                    Assert.True(process.ExitCode == 0, error);
                    return process.ExitCode;
                }
            }
        }
    }

    /// <summary>The rank's side.</summary>
    public static int Run(string[] args)
    {
        var numbers = args[1..].Select(int.Parse).ToArray();
        var (rank, worldSize, port, generation, diesAfter) = (
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4]
        );
        using var run = new TestRun(args[0], isOwner: false);
        run.Spec = SpecOf(run.Spec);
        var options = Ranks.OptionsOf(rank, worldSize, port) with { Generation = generation };
        var rounds = new Rounds(options, TimeProvider.System) { WaitsForLostRanks = true };
        try
        {
            var round = Blocking.Run(() => rounds.JoinAsync(-1, CancellationToken.None));
            using var group = round.Group;
            using var unread = new UnreadStore(run.Store);
            var context = run.ContextOf(group, attempt: 1, stopAfter: long.MaxValue) with
            {
                Store = unread,
                // A pod's folder dies with it.
                WorkFolder = Path.Combine(run.Folder, $"work-{rank}-{generation}"),
                Generation = generation,
                Round = round.Number,
                StateSource = round.StateSource,
                Rejoin = rounds.JoinAsync,
            };
            var steps = ((RecordingObserver)context.Observer).Steps;
            TrainingEngine.Run(context with { StopRequested = KillWhenDue }, CancellationToken.None);
            return (int)ExitCode.Done;

            bool KillWhenDue()
            {
                if (diesAfter >= 0 && (steps.Count > 0 ? steps[^1].Step : 0) == diesAfter)
                {
                    Process.GetCurrentProcess().Kill();
                }
                return false;
            }
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return (int)ExitCodes.Of(e);
        }
    }

    /// <summary>What its runs train: with dropout, which draws from a generator of the process.</summary>
    public static RunSpec SpecOf(RunSpec spec) =>
        spec with
        {
            Model = spec.Model with { Dropout = 0.2 },
            Checkpoints = new CheckpointsSpec { EverySteps = 2 },
        };
}
