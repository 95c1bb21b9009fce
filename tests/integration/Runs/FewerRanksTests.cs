using System.Diagnostics;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>
/// Ranks that go on without a lost one whose replacement stands still, as a machine out of reach does: for a while, or
/// for good. No checkpoint is made before the end.
/// </summary>
public sealed class FewerRanksTests(FewerRanksTests.Undisturbed undisturbed)
    : IClassFixture<FewerRanksTests.Undisturbed>
{
    private const long Meanwhile = 20;

    // Fewer ranks sum in another order.
    private const double Tolerance = 1e-4;

    private static readonly string Manifest = RunFolder
        .TinyManifest.Replace("maxSteps: 12", "maxSteps: 800")
        .Replace("everySteps: 6, maxSteps: 4", "everySteps: 400, maxSteps: 4")
        .Replace("everySteps: 4 }", "everySteps: 100000 }")
        .Replace("count: 2,", "count: 3, minCount: 2, rendezvousTimeout: 12s,")
        .Replace("failurePolicy: {", "failurePolicy: { recovery: Peers,");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_others_go_on_and_take_a_replacement_in_when_it_comes(bool comes)
    {
        using var run = new RunFolder(Manifest);
        using var process = Programs.Start(Programs.CodeParrot, ["run", "-f", run.Manifest, "--state", run.State]);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await TrainingProcesses.UntilAsync(run, process, p => p.Step >= Meanwhile);

        Signals.Send(TrainingProcesses.OfRank(run, "2"), Signals.Kill);
        var halted = await HaltReplacementAsync(run, process);
        var lost = await TrainingProcesses.UntilAsync(run, process, _ => true);
        var fewer = await TrainingProcesses.UntilAsync(run, process, p => p.Step > lost.Step + Meanwhile);
        if (comes)
        {
            foreach (var it in halted)
            {
                Signals.Send(it, Signals.Continue);
            }

            await TrainingProcesses.UntilAsync(run, process, p => p.Round > fewer.Round);
        }

        await Programs.EndAsync(process);
        var result = new ProgramResult(process.ExitCode, await output, await errors);
        Assert.True(result.ExitCode == 0, result.ToString());
        var status = run.Resource()!["status"]!;
        Assert.Equal((1, 1), ((int)status["attempt"]!, (int)status["restarts"]!));
        Assert.Single(run.Checkpoints());
        AssertNear(undisturbed.Losses, run.Metric("loss/train"));
        AssertNear(undisturbed.EvalLosses, run.Metric("loss/eval"));
        // What would never have ended by itself does not outlive the run.
        Assert.Empty(TrainingProcesses.OfReplacements(run));
    }

    private static void AssertNear(IReadOnlyDictionary<long, double> expected, IReadOnlyDictionary<long, double> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, e => Assert.Equal(e.Value, actual[e.Key], Tolerance));
    }

    // Before it has come to anything; whatever it has started by then too.
    private static async Task<IReadOnlyList<int>> HaltReplacementAsync(RunFolder run, Process process)
    {
        IReadOnlyList<int> halted = [];
        while (true)
        {
            Assert.False(process.HasExited, "the run ended without a replacement");
            var found = TrainingProcesses.OfReplacements(run);
            foreach (var it in found)
            {
                Signals.Send(it, Signals.Stop);
            }

            if (found.Count > 0 && found.Count == halted.Count)
            {
                return halted;
            }

            halted = found;
            await Task.Delay(5);
        }
    }

    /// <summary>The same run without any mishap.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        public IReadOnlyDictionary<long, double> Losses { get; private set; } = new Dictionary<long, double>();

        public IReadOnlyDictionary<long, double> EvalLosses { get; private set; } = new Dictionary<long, double>();

        public async ValueTask InitializeAsync()
        {
            using var run = new RunFolder(Manifest);
            var result = await run.RunAsync();
            Assert.True(result.ExitCode == 0, result.ToString());
            Losses = run.Metric("loss/train");
            EvalLosses = run.Metric("loss/eval");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
