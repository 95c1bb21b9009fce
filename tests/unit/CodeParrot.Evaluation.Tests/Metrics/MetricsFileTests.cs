using CodeParrot.Evaluation.Metrics;

namespace CodeParrot.Evaluation.Tests.Metrics;

public sealed class MetricsFileTests
{
    [Fact]
    public void Reads_the_book_s_names_and_passes_over_others()
    {
        using var file = new TemporaryFile(
            """{"lr": 0.001, "samples": 8, "steps": 1, "tokens": 512, "loss/train": 6.5, "grad_norm": 1}""",
            "",
            """{"steps": 2, "tokens": 1024, "loss/eval": 6.25, "perplexity": 518.0}""",
            """{"steps": 3, "tokens": 1536, "loss/train": 6, "loss/eval": null}"""
        );

        var rows = MetricsFile.Read(file.Path);

        Assert.Equal([new(1, 512, 6.5, null), new(2, 1024, null, 6.25), new(3, 1536, 6, null)], rows);
    }

    [Fact]
    public void Reads_losses_that_are_not_finite()
    {
        using var file = new TemporaryFile(
            """{"steps": 1, "tokens": 5, "loss/train": "NaN", "loss/eval": "Infinity"}"""
        );

        var row = Assert.Single(MetricsFile.Read(file.Path));

        Assert.Equal((double.NaN, double.PositiveInfinity), (row.TrainingLoss, row.HeldOutLoss));
    }

    [Theory]
    [InlineData("""{"steps": 2, "tok""", "is not JSON")]
    [InlineData("""[1, 2]""", "is not a JSON object")]
    [InlineData("""{"tokens": 5}""", "steps: must be a whole number")]
    [InlineData("""{"steps": 2}""", "tokens: must be a whole number")]
    [InlineData("""{"steps": 2.5, "tokens": 5}""", "steps: must be a whole number")]
    [InlineData("""{"steps": 2, "tokens": 5, "loss/train": "low"}""", "loss/train: must be a number, was low")]
    [InlineData("""{"steps": 2, "tokens": 5, "loss/eval": []}""", "loss/eval: must be a number")]
    public void Names_file_and_line_of_a_mistake(string line, string problem)
    {
        using var file = new TemporaryFile("""{"steps": 1, "tokens": 5}""", line);

        var error = Assert.Throws<MetricsFileException>(() => MetricsFile.Read(file.Path));

        Assert.Equal(2, error.Line);
        Assert.StartsWith($"{file.Path}:2: {problem}", error.Message);
    }

    [Fact]
    public void Names_a_file_that_cannot_be_read()
    {
        using var file = new TemporaryFile();

        var error = Assert.Throws<MetricsFileException>(() => MetricsFile.Read(file.Path + ".missing"));

        Assert.StartsWith(file.Path + ".missing: cannot be read", error.Message);
    }
}
