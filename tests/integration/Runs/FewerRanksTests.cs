namespace CodeParrot.Integration.Tests.Runs;

/// <summary>
/// Ranks that go on without a lost one that is not replaced, as on a machine out of reach: for a while, or for good.
/// No checkpoint is made before the end.
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

        // With its first process stopped the pod has not ended, whatever becomes of its rank.
        var rank = TrainingProcesses.OfRank(run, "2");
        var launcher = TrainingProcesses.ParentOf(rank);
        Signals.Send(launcher, Signals.Stop);
        try
        {
            Signals.Send(rank, Signals.Kill);
            var fewer = await TrainingProcesses.UntilAsync(run, process, p => p.Round == 2);
            if (comes)
            {
                Signals.Send(launcher, Signals.Continue);
                await TrainingProcesses.UntilAsync(run, process, p => p.Round > fewer.Round);
            }

            await Programs.EndAsync(process);
        }
        finally
        {
            Signals.Send(launcher, Signals.Kill);
        }

        var result = new ProgramResult(process.ExitCode, await output, await errors);
        Assert.True(result.ExitCode == 0, result.ToString());
        var status = run.Resource()!["status"]!;
        Assert.Equal((1, comes ? 1 : 0), ((int)status["attempt"]!, (int?)status["restarts"] ?? 0));
        Assert.Single(run.Checkpoints());
        AssertNear(undisturbed.Losses, run.Metric("loss/train"));
        AssertNear(undisturbed.EvalLosses, run.Metric("loss/eval"));
    }

    private static void AssertNear(IReadOnlyDictionary<long, double> expected, IReadOnlyDictionary<long, double> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, e => Assert.Equal(e.Value, actual[e.Key], Tolerance));
    }

    /// <summary>The same run without any mishap.</summary>
    public sealed class Undisturbed() : UndisturbedRun(Manifest);
}
