using CodeParrot.Contract.Manifest;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class BookModelTests
{
    // The recipes of the book's models with one block, and the tests' short sequences and small vocabulary.
    [Theory]
    [InlineData("codeparrot-small", 768)]
    [InlineData("codeparrot", 1600)]
    public void The_books_models_make_a_step_at_reduced_depth(string sample, int width)
    {
        using var run = new TestRun();
        var path = Path.Combine(RepositoryFolder(), "crds", "samples", $"{sample}.yaml");
        var spec = SpecResolver.Resolve(ManifestReader.ReadFile(path)).Spec;
        Assert.Equal(width, spec.Model.Width);
        run.Spec = run.Spec with
        {
            Model = spec.Model with
            {
                Layers = 1,
                ContextLength = TestRun.ContextLength,
                VocabularySize = TestRun.VocabularySize,
            },
            // The first step of a warm-up has a rate of 0; the second shows that an update did something.
            Training = spec.Training with
            {
                MaxSteps = 2,
                Schedule = new() { WarmupSteps = 1 },
            },
            Evaluation = new() { EverySteps = 1 },
        };

        var result = run.Train();

        Assert.Equal((TrainingOutcome.Finished, 2), (result.Outcome, (int)result.Step));
        // An untrained model guesses: the logarithm of 64 is 4.16.
        Assert.InRange(run.Observer.Steps[0].Loss, 4, 4.6);
        Assert.True(run.Observer.Steps.TrueForAll(s => s.GradientNorm > 0 && !s.IsSkipped));
        Assert.True(run.Observer.Summaries[0].Mfu > 0);
    }

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }
}
