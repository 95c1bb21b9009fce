using System.Diagnostics;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>Ranks as processes of their own: dropout draws from a generator that threads of one process share.</summary>
internal static class RankProcess
{
    /// <summary>First argument of a process that is a rank.</summary>
    public const string Command = "rank";

    private const double Dropout = 0.2;

    /// <summary>Runs a gang to its end and returns the exit code of each rank.</summary>
    /// <param name="run">The run.</param>
    /// <param name="worldSize">Number of ranks.</param>
    /// <param name="attempt">Number of the attempt.</param>
    /// <param name="killedRank">Rank that kills itself, as kill -9 does; -1 for none.</param>
    /// <param name="killedAfter">Step after which it does.</param>
    public static async Task<int[]> RunGangAsync(
        TestRun run,
        int worldSize,
        int attempt,
        int killedRank = -1,
        long killedAfter = 0
    )
    {
        var port = Ranks.FreePort();
        var gang = Enumerable
            .Range(0, worldSize)
            .Select(rank => Start(run, rank, worldSize, port, attempt, rank == killedRank ? killedAfter : -1))
            .ToList();
        await Task.WhenAll(gang.Select(process => process.WaitForExitAsync()));
        var codes = gang.Select(process => process.ExitCode).ToArray();
        gang.ForEach(process => process.Dispose());
        return codes;
    }

    /// <summary>The rank's side.</summary>
    public static int Run(string[] args)
    {
        var numbers = args[1..].Select(int.Parse).ToArray();
        var (rank, worldSize, port, attempt, killedAfter) = (
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4]
        );
        using var run = new TestRun(args[0], isOwner: false);
        run.Spec = run.Spec with
        {
            Model = run.Spec.Model with { Dropout = Dropout },
            Checkpoints = new CheckpointsSpec { EverySteps = 2 },
        };
        try
        {
            using var group = Blocking.Run(() => Ranks.ConnectAsync(rank, worldSize, port));
            var context = run.ContextOf(group, attempt, long.MaxValue);
            var steps = ((RecordingObserver)context.Observer).Steps;
            TrainingEngine.Run(context with { CheckpointRequested = DieWhenDue }, CancellationToken.None);
            return (int)ExitCode.Done;

            bool DieWhenDue()
            {
                if (steps.Count == killedAfter)
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

    private static Process Start(TestRun run, int rank, int worldSize, int port, int attempt, long killedAfter)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The host is either the tests' own executable, or dotnet with their assembly.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(RankProcess).Assembly.Location);
        }
        foreach (var argument in new object[] { Command, run.Folder, rank, worldSize, port, attempt, killedAfter })
        {
            start.ArgumentList.Add(argument.ToString()!);
        }
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
