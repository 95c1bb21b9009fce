using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model.Generation;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Training.HeldOut;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class ObjectiveTests
{
    private const double CurveTolerance = 1e-4;

    [Theory]
    [InlineData(Objective.MaskedLm)]
    [InlineData(Objective.SpanCorruption)]
    public void The_held_out_loss_goes_down(Objective objective)
    {
        using var run = NewRun(objective, trainSequences: 200);
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with { MaxSteps = 200, BatchSize = 8 },
            Evaluation = run.Spec.Evaluation with { EverySteps = 50 },
        };

        run.Train();

        var losses = run.Rows("loss/eval");
        // Sequences count up from a random one of 61 ids: a blind guess costs ln 61 = 4.1.
        Assert.True(losses[^1] < 3.5, string.Join(", ", losses));
    }

    [Theory]
    [InlineData(Objective.MaskedLm, 2)]
    [InlineData(Objective.MaskedLm, 3)]
    [InlineData(Objective.SpanCorruption, 2)]
    public void The_curve_is_the_same_at_any_world_size(Objective objective, int worldSize)
    {
        using var alone = NewRun(objective);
        using var together = NewRun(objective);

        alone.Train();
        together.Train(worldSize: worldSize);

        Assert.Equal(
            alone.Rows("loss/train"),
            together.Rows("loss/train"),
            (a, b) => Math.Abs(a - b) <= CurveTolerance
        );
        Assert.Equal(alone.Rows("loss/eval"), together.Rows("loss/eval"), (a, b) => Math.Abs(a - b) <= CurveTolerance);
    }

    [Theory]
    [InlineData(Objective.MaskedLm)]
    [InlineData(Objective.SpanCorruption)]
    public void A_stop_and_resume_leaves_the_same_bits(Objective objective)
    {
        using var whole = NewRun(objective);
        using var broken = NewRun(objective);

        var expected = whole.Train();
        broken.Train(stopAfter: 3);
        var resumed = broken.Train(attempt: 2);

        Assert.Equal(expected.EvalLoss, resumed.EvalLoss);
        Assert.Equal(whole.ComparableMetrics(), broken.ComparableMetrics());
        Assert.Equal(Weights(whole, expected), Weights(broken, resumed));
    }

    [Fact]
    public void A_masked_model_says_in_its_folder_that_it_sees_both_sides_and_refuses_to_generate()
    {
        using var run = NewRun(Objective.MaskedLm);

        var result = run.Train();

        using var model = Load(run, result);
        Assert.True(model.Config.Bidirectional);
        var error = Assert.Throws<CannotGenerateException>(() =>
            new Generator(model).Generate([1], new GenerationOptions())
        );
        Assert.Contains("MaskedLm", error.Message);
    }

    [Theory]
    [InlineData(Objective.CausalLm)]
    [InlineData(Objective.MaskedLm)]
    [InlineData(Objective.SpanCorruption)]
    public void The_finished_model_has_the_held_out_loss_of_its_last_evaluation(Objective objective)
    {
        using var run = NewRun(objective);
        var result = run.Train();
        using var model = Load(run, result);
        using var corpus = run.OpenCorpus();
        var reports = new List<(long Done, long All)>();

        var evaluated = HeldOutEvaluator.Measure(
            model,
            corpus,
            run.Spec,
            (done, all) => reports.Add((done, all)),
            CancellationToken.None
        );

        Assert.Equal(result.EvalLoss!.Value, evaluated!.Loss, 1e-6);
        Assert.Equal((3L, 3L), reports[^1]);
    }

    [Theory]
    [InlineData(Objective.MaskedLm, "<mask>")]
    [InlineData(Objective.SpanCorruption, "<extra_id_0>")]
    public void A_corpus_without_the_special_tokens_is_a_users_mistake(Objective objective, string missing)
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Training = run.Spec.Training with { Objective = objective } };

        var error = Assert.Throws<ManifestException>(() => run.Train());

        var mistake = Assert.Single(error.Mistakes);
        Assert.Equal("spec.training.objective", mistake.Path);
        Assert.Contains(missing, mistake.Message);
        Assert.Contains("CausalLm", mistake.Message);
    }

    private static TestRun NewRun(Objective objective, int trainSequences = 13)
    {
        var run = new TestRun(trainSequences, TokenKind.Documents);
        run.Spec = run.Spec with { Training = run.Spec.Training with { Objective = objective, LearningRate = 2e-2 } };
        return run;
    }

    private static Model.Gpt2 Load(TestRun run, TrainingResult result)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "loaded")).FullName;
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            File.WriteAllBytes(Path.Combine(folder, name), run.Bytes($"{Prefix(result)}/{name}"));
        }

        return HuggingFaceFolder.Load(folder);
    }

    private static byte[] Weights(TestRun run, TrainingResult result) =>
        run.Bytes($"{Prefix(result)}/model.safetensors");

    private static string Prefix(TrainingResult result) => $"{TestRun.RunPrefix}/branches/{result.Checkpoint}";
}
