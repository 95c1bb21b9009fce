using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

public sealed class AlertTests
{
    private static readonly string Chart = Path.Combine(Programs.Root, "charts", "codeparrot");
    private static readonly string Rules = Path.Combine(Chart, "alerts", "codeparrot.rules.yaml");
    private static readonly string Series = Path.Combine(
        Programs.Root,
        "tests",
        "integration",
        "Chart",
        "alerts.test.yaml"
    );

    [Fact]
    public async Task Alerts_fire_when_they_should_and_not_before()
    {
        var result = await PromTool.RunAsync([Rules, Series], "test", "rules", Path.GetFileName(Series));

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public async Task A_rule_that_never_fires_is_noticed()
    {
        var deaf = Path.Combine(Directory.CreateTempSubdirectory().FullName, Path.GetFileName(Rules));
        await File.WriteAllTextAsync(
            deaf,
            (await File.ReadAllTextAsync(Rules, TestContext.Current.CancellationToken)).Replace("== 1", "== 2"),
            TestContext.Current.CancellationToken
        );

        var result = await PromTool.RunAsync([deaf, Series], "test", "rules", Path.GetFileName(Series));

        Directory.Delete(Path.GetDirectoryName(deaf)!, recursive: true);
        Assert.True(result.ExitCode != 0, result.ToString());
    }

    [Fact]
    public async Task Every_alert_says_what_it_is_and_what_to_do()
    {
        var text = await File.ReadAllTextAsync(Rules, TestContext.Current.CancellationToken);
        var series = await File.ReadAllTextAsync(Series, TestContext.Current.CancellationToken);
        var alerts = text.Split("- alert: ").Skip(1).ToList();

        Assert.NotEmpty(alerts);
        Assert.All(
            alerts,
            a =>
            {
                Assert.Contains("severity:", a, StringComparison.Ordinal);
                Assert.Contains("summary:", a, StringComparison.Ordinal);
                Assert.Contains("description:", a, StringComparison.Ordinal);
                Assert.Contains($"alertname=\"{a.Split('\n')[0]}\"", series, StringComparison.Ordinal);
            }
        );
    }
}
