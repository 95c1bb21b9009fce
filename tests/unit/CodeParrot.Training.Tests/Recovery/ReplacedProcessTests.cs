using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Recovery;

public class ReplacedProcessTests
{
    [Fact]
    public async Task After_kills_of_both_ranks_in_turn_a_run_ends_with_the_same_bits_and_has_read_no_checkpoint()
    {
        using var undisturbed = new TestRun();
        using var run = new TestRun();

        await ReplacedProcess.RunGangAsync(undisturbed, worldSize: 2);
        await ReplacedProcess.RunGangAsync(run, worldSize: 2, (1, 1), (0, 3));

        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            var key = $"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}";
            Assert.True(undisturbed.Bytes(key).AsSpan().SequenceEqual(run.Bytes(key)), $"{file} differs");
        }
    }
}
