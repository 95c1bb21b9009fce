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
