using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Evaluation.Tests;

public sealed class TokensFileEvaluatorTests : IDisposable
{
    private readonly Gpt2 _model = TinyModel.New();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Weighs_lines_by_their_targets_whatever_the_batches(int batchSize)
    {
        long[][] sequences = [.. new[] { 5, 20, 5, 2, 24, 5, 20 }.Select((length, i) => TinyModel.Sequence(length, i))];
        using var file = new TemporaryFile([.. sequences.Select(TinyModel.Line)]);

        var result = TokensFileEvaluator.Evaluate(_model, file.Path, batchSize, CancellationToken.None);

        var targets = sequences.Sum(ids => ids.Length - 1);
        var expected = sequences.Sum(ids => TinyModel.LossOf(_model, ids) * (ids.Length - 1)) / targets;
        Assert.Equal(targets, result.Tokens);
        Assert.Equal(7, result.Sequences);
        // fp32 forward passes of different batch shapes round differently in the seventh digit.
        Assert.Equal(expected, result.Loss, expected * 1e-5);
        Assert.Equal(Math.Exp(result.Loss), result.Perplexity, 1e-12);
    }

    [Fact]
    public void Leaves_out_and_counts_lines_without_a_target()
    {
        var ids = TinyModel.Sequence(9);
        using var file = new TemporaryFile("{\"ids\": []}", "", TinyModel.Line(ids), "{\"ids\": [3]}");

        var result = TokensFileEvaluator.Evaluate(_model, file.Path, 4, CancellationToken.None);

        Assert.Equal(8, result.Tokens);
        Assert.Equal(1, result.Sequences);
        Assert.Equal(2, result.Skipped);
        Assert.Equal(TinyModel.LossOf(_model, ids), result.Loss, 1e-4);
    }

    [Theory]
    [InlineData("{\"ids\": [1, 2", "is not JSON")]
    [InlineData("[1, 2]", "has no array \"ids\"")]
    [InlineData("{\"tokens\": [1, 2]}", "has no array \"ids\"")]
    [InlineData("{\"ids\": \"1 2\"}", "has no array \"ids\"")]
    [InlineData("{\"ids\": [1, 2.5]}", "ids[1]: must be a whole number, was 2.5")]
    [InlineData("{\"ids\": [1, \"2\"]}", "ids[1]: must be a whole number")]
    [InlineData("{\"ids\": [1, 99999999999999999999]}", "ids[1]: must be a whole number")]
    [InlineData("{\"ids\": [1, 61]}", "ids[1]: token id 61 is outside the model's vocabulary of 61")]
    [InlineData("{\"ids\": [-1, 2]}", "ids[0]: token id -1 is outside")]
    [InlineData("{\"ids\": [61]}", "ids[0]: token id 61 is outside")]
    public void Names_file_and_line_of_a_mistake(string line, string problem)
    {
        using var file = new TemporaryFile(TinyModel.Line([1, 2, 3]), "", line);

        var error = Assert.Throws<TokensFileException>(() => Evaluate(file.Path));

        Assert.Equal(3, error.Line);
        Assert.Equal(file.Path, error.File);
        Assert.StartsWith($"{file.Path}:3: {problem}", error.Message);
    }

    [Fact]
    public void Refuses_a_line_longer_than_the_context()
    {
        using var file = new TemporaryFile(
            TinyModel.Line(TinyModel.Sequence(24)),
            TinyModel.Line(TinyModel.Sequence(25))
        );

        var error = Assert.Throws<TokensFileException>(() => Evaluate(file.Path));

        Assert.Equal(2, error.Line);
        Assert.Contains("holds 25 tokens, but the model's context is 24", error.Message);
    }

    [Fact]
    public void Refuses_a_file_with_nothing_to_predict()
    {
        using var empty = new TemporaryFile();
        using var shortLines = new TemporaryFile("{\"ids\": [1]}");

        Assert.Contains("no sequence", Assert.Throws<TokensFileException>(() => Evaluate(empty.Path)).Message);
        Assert.Contains("no sequence", Assert.Throws<TokensFileException>(() => Evaluate(shortLines.Path)).Message);
    }

    [Fact]
    public void Names_a_file_that_cannot_be_read()
    {
        using var file = new TemporaryFile();
        var missing = file.Path + ".missing";

        Assert.StartsWith(
            missing + ": cannot be read",
            Assert.Throws<TokensFileException>(() => Evaluate(missing)).Message
        );
        Assert.Throws<TokensFileException>(() => Evaluate(Path.GetDirectoryName(file.Path)!));
    }

    [Fact]
    public void Stops_when_cancelled()
    {
        using var file = new TemporaryFile(TinyModel.Line([1, 2, 3]));

        Assert.Throws<OperationCanceledException>(() =>
            TokensFileEvaluator.Evaluate(_model, file.Path, 4, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        using var file = new TemporaryFile(
            TinyModel.Line([1, 2, 3]),
            TinyModel.Line([1, 2]),
            TinyModel.Line([4, 5, 6])
        );
        Evaluate(file.Path);
        var before = torch.Tensor.TotalCount;

        Evaluate(file.Path);

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private EvaluationResult Evaluate(string path) =>
        TokensFileEvaluator.Evaluate(_model, path, 2, CancellationToken.None);
}
