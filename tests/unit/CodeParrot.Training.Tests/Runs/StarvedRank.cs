using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// One rank as a process that may take little more memory than it has when it begins, with a micro-batch that needs
/// more.
/// </summary>
internal static class StarvedRank
{
    /// <summary>First argument of such a process.</summary>
    public const string Command = "starved-rank";

    /// <summary>Runs it, and returns its exit code and what it printed as it failed.</summary>
    public static async Task<(int ExitCode, string Said)> StartAsync(TestRun run)
    {
        using var process = RankProcess.StartSelf(Command, run.Folder);
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    /// <summary>The rank's side.</summary>
    public static int Run(string folder)
    {
        using var run = new TestRun(folder, isOwner: false);
        // The embedded micro-batch alone is a gibibyte: 2^20 sequences of 16 vectors of 16 floats.
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with { BatchSize = 1 << 20, GradientAccumulation = 1 },
        };
        AddressSpace.Limit(headroomBytes: 768L << 20);
        try
        {
            using var group = new SingleProcessGroup();
            TrainingEngine.Run(run.ContextOf(group, 1, long.MaxValue), CancellationToken.None);
            return (int)ExitCode.Done;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.Message);
            return (int)ExitCodes.Of(e);
        }
    }
}
