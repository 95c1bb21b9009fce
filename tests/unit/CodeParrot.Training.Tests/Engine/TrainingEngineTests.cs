using System.Text.Json;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class TrainingEngineTests
{
    [Fact]
    public void A_run_learns_and_ends_with_a_whole_hugging_face_folder()
    {
        using var run = new TestRun();

        var result = run.Train();

        Assert.Equal((TrainingOutcome.Finished, 6), (result.Outcome, (int)result.Step));
        Assert.Equal("b1/step-000000006-a1", result.Checkpoint);
        Assert.True(result.EvalLoss < Math.Log(TestRun.VocabularySize), $"evaluation loss {result.EvalLoss}");
        Assert.Equal(
            [
                "config.json",
                "generation_config.json",
                "manifest.json",
                "model.safetensors",
                "optimizer.safetensors",
                "state.json",
                "tokenizer.json",
            ],
            run.Keys($"{TestRun.RunPrefix}/branches/{result.Checkpoint}/").Select(Path.GetFileName)
        );
        var progress = run.Observer.Progresses[^1];
        Assert.Equal((6, 24, 384), ((int)progress.Step, (int)progress.Samples, (int)progress.Tokens));
        Assert.Equal(result.EvalLoss, progress.EvalLoss);
        Assert.Equal("b1/step-000000006-a1", $"b1/{progress.Checkpoint?.Name}");
    }

    [Fact]
    public void Evaluation_happens_when_due_and_at_the_end()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Evaluation = new EvaluationSpec { EverySteps = 4 } };

        run.Train();

        var evaluated = run.Metrics().Where(line => line.Contains("loss/eval")).Select(Step);
        Assert.Equal([4, 6], evaluated);
    }

    [Fact]
    public void A_corpus_smaller_than_a_micro_batch_is_trained_on_again_and_again()
    {
        using var run = new TestRun(trainSequences: 1);

        Assert.Equal(TrainingOutcome.Finished, run.Train().Outcome);
    }

    [Fact]
    public void A_corpus_without_a_sequence_is_the_users_mistake()
    {
        using var run = new TestRun(trainSequences: 0);

        var e = Assert.Throws<ManifestException>(() => run.Train());

        Assert.Contains("spec.corpus", e.Message);
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(e));
    }

    [Fact]
    public void Weights_that_an_evaluation_shows_to_be_broken_become_no_checkpoint()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with { LearningRate = 1e30, GradientClip = 0 },
            Checkpoints = new CheckpointsSpec { EverySteps = 2 },
        };

        var e = Assert.Throws<DivergedException>(() => run.Train());

        Assert.Equal(2, e.Step);
        Assert.Contains("held-out", e.Message);
        Assert.Empty(run.Keys($"{TestRun.RunPrefix}/branches/"));
    }

    [Fact]
    public void Any_rank_may_stop_all_of_them()
    {
        using var run = new TestRun();

        var result = run.Train(
            worldSize: 2,
            change: context => context with { StopRequested = () => context.Group.Rank == 1 }
        );

        Assert.Equal((TrainingOutcome.Stopped, 1), (result.Outcome, (int)result.Step));
        Assert.Equal("b1/step-000000001-a1", result.Checkpoint);
    }

    [Theory]
    [InlineData(6, 2, 2)]
    // The stop at step 4 may be a rollback to step 2, so steps 2 and 3 stand beside it; so does step 1 if the
    // checkpoint of step 3 was still on its way.
    [InlineData(4, 3, 4)]
    public void Retention_applies_while_the_run_goes_on_and_not_behind_a_stop(int stopAfter, int least, int most)
    {
        using var run = TestRun.ThatKeepsTwo();

        run.Train(stopAfter: stopAfter);

        var manifests = run.Keys($"{TestRun.RunPrefix}/branches/").Where(key => key.EndsWith("/manifest.json"));
        Assert.InRange(manifests.Count(), least, most);
        Assert.Equal(stopAfter, run.Observer.Checkpoints.Count);
    }

    [Fact]
    public void A_superseded_attempt_stops_without_a_checkpoint()
    {
        using var run = new TestRun();
        var owner = Path.Combine(run.StoreFolder, TestRun.RunPrefix, "owner.json");

        var e = Assert.Throws<SupersededException>(() =>
            run.Train(change: context =>
                context with
                {
                    StopRequested = () =>
                    {
                        File.WriteAllText(owner, """{"runUid":"uid-1","attempt":2}""");
                        return false;
                    },
                }
            )
        );

        Assert.Equal(ExitCode.PeerLost, ExitCodes.Of(e));
        Assert.Empty(run.Keys($"{TestRun.RunPrefix}/branches/"));
    }

    [Fact]
    public void A_full_cycle_leaves_no_tensor_behind()
    {
        using var run = new TestRun();
        run.Train();
        var before = TorchSharp.torch.Tensor.TotalCount;

        using var other = new TestRun();
        other.Spec = other.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 1 } };
        other.Train(stopAfter: 3);
        other.Train(attempt: 2);

        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }

    [Fact]
    public void Hundreds_of_steps_keep_the_count_of_tensors_flat()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with { MaxSteps = 200 },
            Evaluation = new EvaluationSpec { EverySteps = 20 },
            Checkpoints = new CheckpointsSpec { EverySteps = 1000 },
        };
        var counts = new List<long>();

        run.Train(change: context =>
            context with
            {
                StopRequested = () =>
                {
                    counts.Add(TorchSharp.torch.Tensor.TotalCount);
                    return false;
                },
            }
        );

        Assert.Equal(200, counts.Count);
        // The first step makes the gradients.
        Assert.Equal(counts[1], counts[^1]);
    }

    [Fact]
    public void Cancelling_gives_up_at_the_end_of_a_step_without_a_checkpoint()
    {
        using var run = new TestRun();
        using var cancellation = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            run.Train(
                cancellationToken: cancellation.Token,
                change: context =>
                    context with
                    {
                        StopRequested = () =>
                        {
                            cancellation.Cancel();
                            return false;
                        },
                    }
            )
        );

        Assert.Equal(1, run.Observer.Progresses[^1].Step);
        Assert.Empty(run.Keys($"{TestRun.RunPrefix}/branches/"));
    }

    private static int Step(string line) => JsonDocument.Parse(line).RootElement.GetProperty("steps").GetInt32();
}
