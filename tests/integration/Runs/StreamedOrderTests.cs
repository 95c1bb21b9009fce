namespace CodeParrot.Integration.Tests.Runs;

/// <summary>Runs whose documents are tokenised while they are trained on, to an evaluated model.</summary>
public sealed class StreamedOrderTests : IDisposable
{
    private static readonly string[] Order =
    [
        "--set",
        "training.data.order=Streamed",
        "--set",
        "training.data.shuffleBuffer=20",
    ];

    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_run_trains_and_goes_back_without_token_shards()
    {
        var result = await _run.RunAsync(Order);
        var losses = _run.Metric("loss/train");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal([6L, 12L], _run.Metric("loss/eval").Keys);
        var shards = Directory
            .EnumerateFiles(_run.Store, "*.bin", SearchOption.AllDirectories)
            .Select(Path.GetFileName);
        Assert.Equal(["validation.bin"], shards);

        var back = await _run.CommandAsync("rollback", "--to-step", "4", "--skip-steps", "2");
        Assert.True(back.ExitCode == 0, back.ToString());
        var again = await _run.RunAsync(Order);

        Assert.True(again.ExitCode == 0, again.ToString());
        var after = _run.Metric("loss/train");
        Assert.Equal(losses.Take(4), after.Take(4));
        Assert.NotEqual(losses[5], after[5]);
        Assert.Equal(12, after.Count);
    }
}
