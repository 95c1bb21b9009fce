using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

/// <summary>Runs whose documents are encoded while they are trained on.</summary>
public class StreamedRunTests
{
    // Sums over ranks are taken in another order: fp32 keeps about seven digits, a step loses the last of them.
    private const double SumTolerance = 1e-4;

    [Theory]
    [InlineData(1, 5, false)]
    [InlineData(1, 1, false)]
    [InlineData(2, 5, true)]
    public void Stopping_at_any_step_and_resuming_gives_the_same_bits(int worldSize, int shuffleBuffer, bool isSharded)
    {
        using var undisturbed = NewRun(shuffleBuffer, isSharded, out var whole);
        undisturbed.Train(worldSize: worldSize, change: whole.Of);

        for (var stop = 1; stop < TestRun.MaxSteps; stop++)
        {
            using var run = NewRun(shuffleBuffer, isSharded, out var corpus);
            var stopped = run.Train(attempt: 1, worldSize, stopAfter: stop, corpus.Of);
            var finished = run.Train(attempt: 2, worldSize, change: corpus.Of);

            Assert.Equal((TrainingOutcome.Stopped, stop), (stopped.Outcome, (int)stopped.Step));
            Assert.Equal(TrainingOutcome.Finished, finished.Outcome);
            Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
            foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
            {
                var expected = undisturbed.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}");
                Assert.Equal(expected, run.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a2/{file}"));
            }
        }
    }

    [Fact]
    public void The_losses_are_the_same_at_any_world_size()
    {
        var curves = new[] { 1, 2, 3 }.Select(worldSize =>
        {
            using var run = NewRun(5, isSharded: false, out var corpus);
            run.Spec = run.Spec with { Training = run.Spec.Training with { GradientAccumulation = 3 } };
            run.Train(worldSize: worldSize, change: corpus.Of);
            return run.Rows("loss/train");
        });

        var all = curves.ToList();

        Assert.Equal(TestRun.MaxSteps, all[0].Count);
        Assert.All(all, curve => Assert.Equal(all[0], curve, Near));
        // The model learns, so that another order would show.
        Assert.True(all[0][^1] < all[0][0] - (100 * SumTolerance));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_replaced_rank_reads_on_where_the_others_are(int lost)
    {
        using var undisturbed = NewRun(3, isSharded: false, out var whole);
        using var run = NewRun(3, isSharded: false, out var corpus);
        var gang = new MortalGang(run, worldSize: 2) { Change = corpus.Of };

        undisturbed.Train(worldSize: 2, change: whole.Of);
        var ends = gang.Run(new Death(lost, RankActivity.Training, 4, 0));

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.Equal(1, ends[lost].Generation);
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
    }

    [Fact]
    public void A_rollback_leaves_out_the_steps_that_it_is_told_to()
    {
        // The other run has the same shards of data, and gets to where the rollback goes on by training.
        using var straight = NewRun(5, isSharded: false, out var whole);
        straight.Train(change: whole.Of);
        using var run = NewRun(5, isSharded: false, out var corpus);
        var stopped = run.Train(stopAfter: 2, change: corpus.Of);
        run.Train(
            attempt: 2,
            change: context => corpus.Of(context) with { Branch = "b2", StartFrom = stopped.Checkpoint, SkipSteps = 1 }
        );

        var losses = run.Rows("loss/train");

        Assert.Equal(straight.Rows("loss/train").Take(2), losses.Take(2));
        Assert.NotEqual(straight.Rows("loss/train")[2], losses[2]);
        var state = System.Text.Encoding.UTF8.GetString(
            run.Bytes($"{TestRun.RunPrefix}/branches/b2/step-000000006-a2/state.json")
        );
        Assert.Contains("\"dataStep\": 7", state);
        Assert.Contains("\"stream\": {", state);
    }

    [Fact]
    public void A_damaged_shard_ends_the_attempt_as_corrupt_data()
    {
        using var run = NewRun(5, isSharded: false, out var corpus);
        var name = corpus.Damage(run);
        run.Spec = run.Spec with { Training = run.Spec.Training with { MaxSteps = 100 } };

        var error = run.Catch(1, corpus.Of)[0]!;

        Assert.EndsWith(name, Assert.IsType<StoreCorruptionException>(error).Key);
        Assert.Equal(ExitCode.CorruptData, ExitCodes.Of(error));
    }

    [Fact]
    public void Ready_made_ids_are_trained_on_line_by_line()
    {
        using var run = new TestRun();
        var corpus = StreamedCorpus.Write(run, line: i => Ids(i, TestRun.ContextLength));

        var result = run.Train(change: corpus.Of);

        Assert.Equal(TrainingOutcome.Finished, result.Outcome);
        Assert.Equal(TestRun.MaxSteps, run.Rows("loss/train").Count);
    }

    [Fact]
    public void A_ready_made_sequence_of_another_length_is_named()
    {
        using var run = new TestRun();
        var corpus = StreamedCorpus.Write(run, line: i => Ids(i, i == 11 ? 15 : TestRun.ContextLength));
        run.Spec = run.Spec with { Training = run.Spec.Training with { MaxSteps = 100 } };

        var error = run.Catch(1, corpus.Of)[0]!;

        Assert.Equal(12, Assert.IsType<RaggedSequenceException>(error).Line);
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(error));
    }

    [Fact]
    public void Shards_of_what_is_held_out_alone_are_not_taken_for_a_corpus()
    {
        using var run = NewRun(5, isSharded: false, out var corpus);
        run.Spec = run.Spec with { Training = run.Spec.Training with { Data = new DataSpec() } };

        var error = Assert.IsType<ManifestException>(run.Catch(1, corpus.Of)[0]);

        Assert.Contains("was made for Streamed", error.Message);
    }

    private static bool Near(double one, double other) => Math.Abs(one - other) < SumTolerance;

    private static string Ids(int i, int count) =>
        $$"""{"ids": [{{string.Join(',', Enumerable.Range(i, count).Select(id => id % TestRun.VocabularySize))}}]}"""
        + "\n";

    private static TestRun NewRun(int shuffleBuffer, bool isSharded, out StreamedCorpus corpus)
    {
        var run = new TestRun();
        corpus = StreamedCorpus.Write(run, shuffleBuffer: shuffleBuffer);
        run.Spec = run.Spec with { Training = run.Spec.Training with { OptimizerSharding = isSharded } };
        return run;
    }
}
