using CodeParrot.Corpus.Tokens;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Objectives;
using TorchSharp;

namespace CodeParrot.Training.Data;

// B batch, T time, N predicted tokens

/// <summary>
/// Arranges sequences of a split into one batch by the run's objective; each read overwrites the one before.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    private readonly TokenSplit _split;
    private readonly IObjective _objective;
    private readonly long[] _source;
    private readonly torch.Tensor _ids_BT;
    private readonly torch.Tensor _positions_N;
    private readonly torch.Tensor _targets_N;

    /// <param name="split">Where the sequences are.</param>
    /// <param name="objective">What the model sees of a sequence, and what it predicts.</param>
    /// <param name="batchSize">Most sequences of a batch.</param>
    public BatchReader(TokenSplit split, IObjective objective, int batchSize)
    {
        _split = split;
        _objective = objective;
        _source = new long[objective.SourceTokens];
        _ids_BT = New(batchSize, objective.InputTokens);
        var targetCount = objective.PredictsNext ? 0 : (long)batchSize * objective.TargetTokens;
        _positions_N = New(targetCount);
        _targets_N = New(targetCount);
    }

    /// <summary>Gets the sequences of the split.</summary>
    public long SequenceCount => _split.SequenceCount(_objective.SourceTokens);

    /// <summary>Gets the tokens that are predicted of each sequence.</summary>
    public int TargetTokens => _objective.TargetTokens;

    /// <summary>Reads sequences by their index.</summary>
    /// <param name="sequences">At most as many as a batch has.</param>
    /// <param name="keys">For each, what decides which of its tokens are hidden.</param>
    /// <returns>Views of this reader's tensors; the caller's dispose scope frees them before the next read.</returns>
    public TokenBatch Read(ReadOnlySpan<long> sequences, ReadOnlySpan<ulong> keys)
    {
        var inputTokens = _objective.InputTokens;
        var targetTokens = _objective.PredictsNext ? 0 : _objective.TargetTokens;
        for (var row = 0; row < sequences.Length; row++)
        {
            _split.CopySequence(sequences[row], _source);
            var positions = Row(_positions_N, row, targetTokens);
            _objective.Arrange(
                _source,
                keys[row],
                Row(_ids_BT, row, inputTokens),
                positions,
                Row(_targets_N, row, targetTokens)
            );
            foreach (ref var position in positions)
            {
                position += (long)row * inputTokens;
            }
        }
        var ids_BT = _ids_BT.narrow(0, 0, sequences.Length);
        var targetCount = (long)sequences.Length * targetTokens;
        return _objective.PredictsNext
            ? TokenBatch.NextToken(ids_BT)
            : new TokenBatch(ids_BT, _positions_N.narrow(0, 0, targetCount), _targets_N.narrow(0, 0, targetCount));
    }

    public void Dispose()
    {
        _ids_BT.Dispose();
        _positions_N.Dispose();
        _targets_N.Dispose();
    }

    private static Span<long> Row(torch.Tensor tensor, int row, int length) =>
        LibTorch.Span<long>(tensor, (long)row * length, length);

    private static torch.Tensor New(params long[] shape) =>
        torch.zeros(shape, torch.ScalarType.Int64).DetachFromDisposeScope();
}
