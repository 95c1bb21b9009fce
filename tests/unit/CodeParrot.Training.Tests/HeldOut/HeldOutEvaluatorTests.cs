using CodeParrot.Corpus.Tokens;
using CodeParrot.Model;
using CodeParrot.Training.HeldOut;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.HeldOut;

public sealed class HeldOutEvaluatorTests : IDisposable
{
    // Of the tests' corpus, with micro-batches of two.
    private const int Sequences = 3;

    private readonly TestRun _run = new();
    private readonly TokenCorpus _corpus;
    private readonly Gpt2 _model = new(
        new Gpt2Config
        {
            VocabularySize = TestRun.VocabularySize,
            ContextLength = TestRun.ContextLength,
            Width = 16,
            Heads = 2,
            Layers = 1,
            Dropout = 0,
        }
    );

    public HeldOutEvaluatorTests()
    {
        torch.set_num_threads(1);
        _model.Initialise(3);
        using var noGradient = torch.no_grad();
        // Losses of sequences then differ by more than rounding.
        using Scalar factor = 10f;
        _model.Parameters.mul_(factor);
        _corpus = _run.OpenCorpus();
    }

    public void Dispose()
    {
        _corpus.Dispose();
        _model.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Evaluates_the_last_incomplete_batch_too_and_reports_each()
    {
        var reports = new List<(long Done, long All)>();

        var result = HeldOutEvaluator.Measure(
            _model,
            _corpus,
            _run.Spec,
            (done, all) => reports.Add((done, all)),
            TestContext.Current.CancellationToken
        )!;

        var expected = Enumerable.Range(0, Sequences).Average(LossOf);
        Assert.Equal(expected, result.Loss, expected * 1e-5);
        Assert.Equal(Sequences * (TestRun.ContextLength - 1), result.Tokens);
        Assert.Equal(Sequences, result.Sequences);
        Assert.Equal([(2L, 3L), (3L, 3L)], reports);
    }

    [Fact]
    public void Stops_before_the_next_batch_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<long>();

        Assert.Throws<OperationCanceledException>(() =>
            HeldOutEvaluator.Measure(
                _model,
                _corpus,
                _run.Spec,
                (done, _) =>
                {
                    reports.Add(done);
                    source.Cancel();
                },
                source.Token
            )
        );

        Assert.Equal([2L], reports);
    }

    private double LossOf(int sequence)
    {
        var ids = new long[TestRun.ContextLength];
        _corpus.Validation.CopySequence(sequence, ids);
        using var scope = torch.NewDisposeScope();
        return _model.Loss(torch.tensor(ids, [1, ids.Length]));
    }
}
