using CodeParrot.Corpus.Tokens;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Training.Data;

// B batch, T time

/// <summary>Copies sequences of a split into one tensor, which each read overwrites.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly TokenSplit _split;
    private readonly int _time;
    private readonly torch.Tensor _ids_BT;

    /// <param name="split">Where the sequences are.</param>
    /// <param name="batchSize">Most sequences of a batch.</param>
    /// <param name="time">Tokens of a sequence.</param>
    public BatchReader(TokenSplit split, int batchSize, int time)
    {
        _split = split;
        _time = time;
        _ids_BT = torch.zeros([batchSize, time], torch.ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>Reads sequences by their index.</summary>
    /// <returns>Token ids, int64 [B, T]; the caller disposes this view before the next read.</returns>
    public torch.Tensor Read(ReadOnlySpan<long> sequences)
    {
        for (var row = 0; row < sequences.Length; row++)
        {
            var ids = LibTorch.Span<long>(_ids_BT, (long)row * _time, _time);
            _split.CopySequence(sequences[row], ids);
        }
        return _ids_BT.narrow(0, 0, sequences.Length);
    }

    public void Dispose() => _ids_BT.Dispose();
}
