using System.Diagnostics;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Distributed.Tests;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// Ranks as processes of their own: dropout draws from a generator that threads of one process share.
/// </summary>
internal static partial class RankProcess
{
    /// <summary>First argument of a process that is a rank.</summary>
    public const string Command = "rank";

    private const double Dropout = 0.2;
    private const int StopSignal = 19;

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
        var port = FreePort.Draw();
        var gang = Enumerable
            .Range(0, worldSize)
            .Select(rank => Start(run, rank, worldSize, port, attempt, rank == killedRank ? killedAfter : -1, 0))
            .ToList();
        gang.ForEach(Discard);
        await Task.WhenAll(gang.Select(process => process.WaitForExitAsync()));
        var codes = gang.Select(process => process.ExitCode).ToArray();
        gang.ForEach(process => process.Dispose());
        return codes;
    }

    /// <summary>
    /// Runs a gang of which one rank stops for good after a step, as kill -STOP does, and returns what the others said.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="worldSize">Number of ranks.</param>
    /// <param name="suspendedRank">The rank that stops.</param>
    /// <param name="suspendedAfter">Step after which it does.</param>
    /// <param name="deadlineSeconds">How long the others wait for it in a collective.</param>
    public static async Task<IReadOnlyDictionary<int, (int ExitCode, string Error)>> RunSuspendedAsync(
        TestRun run,
        int worldSize,
        int suspendedRank,
        long suspendedAfter,
        int deadlineSeconds
    )
    {
        var port = FreePort.Draw();
        var gang = Enumerable
            .Range(0, worldSize)
            .Select(rank =>
                Start(run, rank, worldSize, port, 1, rank == suspendedRank ? suspendedAfter : -1, deadlineSeconds)
            )
            .ToList();
        Discard(gang[suspendedRank]);
        var others = Enumerable.Range(0, worldSize).Where(rank => rank != suspendedRank).ToList();
        var ends = await Task.WhenAll(
            others.Select(async rank =>
            {
                var error = await gang[rank].StandardError.ReadToEndAsync();
                await gang[rank].WaitForExitAsync();
                return (gang[rank].ExitCode, error);
            })
        );
        gang[suspendedRank].Kill();
        gang.ForEach(process => process.Dispose());
        return others.Zip(ends).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The rank's side.</summary>
    public static int Run(string[] args)
    {
        var numbers = args[1..].Select(int.Parse).ToArray();
        var (rank, worldSize, port, attempt) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        var (endedAfter, deadlineSeconds) = (numbers[4], numbers[5]);
        TimeSpan? deadline = deadlineSeconds > 0 ? TimeSpan.FromSeconds(deadlineSeconds) : null;
        using var run = new TestRun(args[0], isOwner: false);
        run.Spec = run.Spec with
        {
            Model = run.Spec.Model with { Dropout = Dropout },
            Checkpoints = new CheckpointsSpec { EverySteps = 2 },
        };
        try
        {
            using var group = Blocking.Run(() => Ranks.ConnectAsync(rank, worldSize, port, deadline));
            var context = run.ContextOf(group, attempt, long.MaxValue);
            var steps = ((RecordingObserver)context.Observer).Steps;
            TrainingEngine.Run(context with { StopRequested = EndWhenDue }, CancellationToken.None);
            return (int)ExitCode.Done;

            bool EndWhenDue()
            {
                if (steps.Count == endedAfter && deadline is not null)
                {
                    _ = NativeKill(Environment.ProcessId, StopSignal);
                }
                else if (steps.Count == endedAfter)
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

    /// <summary>Starts this program again, with its standard error to be read.</summary>
    internal static Process StartSelf(params IEnumerable<string> arguments)
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
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static Process Start(TestRun run, params long[] numbers) =>
        StartSelf([
            Command,
            run.Folder,
            .. numbers.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]);

    private static void Discard(Process process)
    {
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int processId, int signal);
}
