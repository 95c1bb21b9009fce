using CodeParrot.Model;

namespace CodeParrot.Evaluation.Tests;

public sealed class SequenceEvaluatorTests : IDisposable
{
    private readonly Gpt2 _model = TinyModel.New();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Evaluates_the_last_incomplete_batch_too_and_reports_each()
    {
        long[][] sequences = [.. Enumerable.Range(0, 5).Select(i => TinyModel.Sequence(12, i))];
        var progress = new Progress();

        var result = SequenceEvaluator.Evaluate(_model, sequences, 2, progress, CancellationToken.None);

        var expected = sequences.Average(ids => TinyModel.LossOf(_model, ids));
        Assert.Equal(expected, result.Loss, expected * 1e-5);
        Assert.Equal(55, result.Tokens);
        Assert.Equal(5, result.Sequences);
        Assert.Equal([2L, 4, 5], progress.Reports);
    }

    [Fact]
    public void Gives_what_a_file_of_the_same_sequences_gives()
    {
        long[][] sequences = [.. Enumerable.Range(0, 4).Select(i => TinyModel.Sequence(12, i))];
        using var file = new TemporaryFile([.. sequences.Select(TinyModel.Line)]);

        var fromMemory = SequenceEvaluator.Evaluate(_model, sequences, 2, null, CancellationToken.None);
        var fromFile = TokensFileEvaluator.Evaluate(_model, file.Path, 2, CancellationToken.None);

        Assert.Equal(fromFile, fromMemory);
    }

    [Fact]
    public void Refuses_none_unequal_and_overlong_sequences()
    {
        Assert.Contains("at least one", Refused().Message);
        Assert.Contains("must all hold 3 tokens, one held 4", Refused([1, 2, 3], [1, 2, 3, 4]).Message);
        Assert.Contains("2 to 24 tokens", Refused([1]).Message);
        Assert.Contains("2 to 24 tokens", Refused(TinyModel.Sequence(25)).Message);
    }

    [Fact]
    public void Refuses_an_id_without_an_embedding()
    {
        var error = Assert.Throws<TokenOutOfRangeException>(() => Evaluate([1, 2], [3, 61]));

        Assert.Equal(61, error.Id);
    }

    [Fact]
    public void Stops_before_the_next_batch_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        var progress = new Progress { Then = source.Cancel };

        Assert.Throws<OperationCanceledException>(() =>
            SequenceEvaluator.Evaluate(
                _model,
                [
                    [1, 2],
                    [1, 2],
                    [1, 2],
                ],
                1,
                progress,
                source.Token
            )
        );

        Assert.Equal([1L], progress.Reports);
    }

    private ArgumentException Refused(params long[][] sequences) =>
        Assert.Throws<ArgumentException>(() => Evaluate(sequences));

    private EvaluationResult Evaluate(params long[][] sequences) =>
        SequenceEvaluator.Evaluate(_model, sequences, 2, null, CancellationToken.None);

    private sealed class Progress : IProgress<long>
    {
        public List<long> Reports { get; } = [];

        public Action Then { get; init; } = () => { };

        public void Report(long value)
        {
            Reports.Add(value);
            Then();
        }
    }
}
