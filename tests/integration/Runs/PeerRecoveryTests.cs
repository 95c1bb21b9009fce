using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>
/// Ranks that outlive a lost one. No checkpoint is made before the end, so that none can be gone on from.
/// </summary>
public sealed class PeerRecoveryTests(PeerRecoveryTests.Undisturbed undisturbed)
    : IClassFixture<PeerRecoveryTests.Undisturbed>
{
    private const long Meanwhile = 20;

    private static readonly string Manifest = RunFolder
        .TinyManifest.Replace("maxSteps: 12", "maxSteps: 300")
        .Replace("everySteps: 6, maxSteps: 4", "everySteps: 150, maxSteps: 4")
        .Replace("everySteps: 4 }", "everySteps: 100000 }")
        .Replace("count: 2", "count: 3")
        .Replace("failurePolicy: {", "failurePolicy: { recovery: Peers,");

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("0 1")]
    public async Task Lost_ranks_are_made_anew_and_change_no_loss(string victims)
    {
        using var run = new RunFolder(Manifest);
        using var process = Programs.Start(Programs.CodeParrot, ["run", "-f", run.Manifest, "--state", run.State]);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await TrainingProcesses.UntilAsync(run, process, p => p.Step >= Meanwhile);

        var processes = victims.Split(' ').Select(rank => TrainingProcesses.OfRank(run, rank)).ToList();
        foreach (var victim in processes)
        {
            Signals.Send(victim, Signals.Kill);
        }

        await Programs.EndAsync(process);
        var result = new ProgramResult(process.ExitCode, await output, await errors);
        Assert.True(result.ExitCode == 0, result.ToString());
        var status = run.Resource()!["status"]!;
        Assert.Equal(1, (int)status["attempt"]!);
        // Two that are seen to end one after the other are replaced so.
        Assert.InRange((int)status["gang"]!["generation"]!, 1, processes.Count);
        Assert.Single(run.Checkpoints());
        Assert.Equal(undisturbed.Losses, run.Metric("loss/train"));
        Assert.Equal(undisturbed.EvalLosses, run.Metric("loss/eval"));
    }

    // Of a pod whose first process is stopped nothing is heard but that it lives, as of a rank that waits for others.
    [Fact]
    public async Task A_pod_that_is_killed_as_rank_0_ends_well_ends_nothing_and_no_other_is_waited_for()
    {
        using var run = new RunFolder(Manifest);
        using var process = Programs.Start(Programs.CodeParrot, ["run", "-f", run.Manifest, "--state", run.State]);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await TrainingProcesses.UntilAsync(run, process, p => p.Step >= Meanwhile);
        int[] others = [LauncherOf(run, 1), LauncherOf(run, 2)];
        try
        {
            Array.ForEach(others, o => Signals.Send(o, Signals.Stop));
            await EndOfPodAsync(run, process, index: 0);

            Signals.Send(others[1], Signals.Kill);

            await Programs.EndAsync(process);
            var result = new ProgramResult(process.ExitCode, await output, await errors);
            Assert.True(result.ExitCode == 0, result.ToString());
        }
        finally
        {
            Array.ForEach(others, o => Signals.Send(o, Signals.Kill));
        }

        var status = run.Resource()!["status"]!;
        Assert.Equal((1, 0), ((int)status["attempt"]!, (int?)status["restarts"] ?? 0));
        Assert.Equal(1, (int)status["stages"]!["train"]!["attempt"]!);
        Assert.Equal([0, 137, 137], Enumerable.Range(0, 3).Select(i => CodeOf(run, i)));
        Assert.Single(run.Checkpoints());
        Assert.Equal(undisturbed.Losses, run.Metric("loss/train"));
    }

    private static async Task EndOfPodAsync(RunFolder run, Process process, int index)
    {
        var patience = Stopwatch.StartNew();
        while (!File.Exists(ExitOf(run, index)))
        {
            Assert.False(process.HasExited, $"the run ended before pod {index}");
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(3), $"pod {index} did not end in three minutes");
            await Task.Delay(20);
        }
    }

    private static string PodOf(RunFolder run, int index) =>
        run.At("state", "runs", "default", RunFolder.Run, "pods", $"tiny-train-a1-{index}");

    private static int CodeOf(RunFolder run, int index) =>
        (int)JsonNode.Parse(File.ReadAllText(Path.Combine(PodOf(run, index), "pod.json")))!["exitCode"]!;

    private static string ExitOf(RunFolder run, int index) => Path.Combine(PodOf(run, index), "exit");

    // The only child of the pod's shell, whose process is its session.
    private static int LauncherOf(RunFolder run, int index)
    {
        var shell = File.ReadAllText(Path.Combine(PodOf(run, index), "pid")).Trim();
        var children = File.ReadAllText($"/proc/{shell}/task/{shell}/children");
        return int.Parse(Assert.Single(children.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>The same run without any mishap.</summary>
    public sealed class Undisturbed() : UndisturbedRun(Manifest);
}
