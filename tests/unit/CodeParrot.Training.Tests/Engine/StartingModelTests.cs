using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class StartingModelTests
{
    [Fact]
    public void A_run_starts_from_a_folder_and_may_cut_its_context()
    {
        using var source = new TestRun();
        source.Train();
        using var run = new TestRun();
        run.Spec = From(run.Spec, source, contextLength: TestRun.ContextLength);

        run.Train(stopAfter: 1);

        // The first update of a warm-up runs at rate 0: the weights are still those of the folder.
        var expected = source.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/model.safetensors");
        Assert.Equal(expected, run.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000001-a1/model.safetensors"));
    }

    [Fact]
    public void A_longer_context_than_the_folders_is_the_users_mistake()
    {
        using var source = new TestRun();
        source.Train(stopAfter: 1);
        using var run = new TestRun();
        run.Spec = From(run.Spec, source, contextLength: 17, step: 1);

        var e = Assert.Throws<ManifestException>(() => run.Train());

        Assert.Contains("spec.model.contextLength: must be at most", e.Message);
    }

    [Fact]
    public void A_tokenizer_of_more_tokens_than_the_model_is_the_users_mistake()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Model = run.Spec.Model with { VocabularySize = 63 } };

        var e = Assert.Throws<ManifestException>(() => run.Train());

        Assert.Contains("spec.model.vocabularySize: must be at least", e.Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_the_users_mistake()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Model = new ModelSpec { From = Path.Combine(run.StoreFolder, "nowhere"), Dropout = 0 },
        };

        var e = Assert.Throws<ManifestException>(() => run.Train());

        Assert.Contains("spec.model.from", e.Message);
    }

    private static RunSpec From(RunSpec spec, TestRun source, int contextLength, int step = 6) =>
        spec with
        {
            Model = new ModelSpec
            {
                From = Path.Combine(source.StoreFolder, $"{TestRun.RunPrefix}/branches/b1/step-{step:D9}-a1"),
                ContextLength = contextLength,
                Dropout = 0,
            },
        };
}
