using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Training.Data;

// B batch, T time

/// <summary>
/// Copies sequences of a split into one tensor in host memory, which each read overwrites.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    private readonly TokenSplit _split;
    private readonly int _time;
    private readonly torch.Device _device;
    private readonly PinnedMemory? _memory;

    /// <param name="split">Where the sequences are.</param>
    /// <param name="batchSize">Most sequences of a batch.</param>
    /// <param name="time">Tokens of a sequence.</param>
    /// <param name="device">Where <see cref="Read"/> puts a batch; the CPU by default.</param>
    /// <param name="cuda">Given, the memory is pinned, so that a GPU can fetch a batch by itself.</param>
    public BatchReader(TokenSplit split, int batchSize, int time, torch.Device? device = null, CudaRuntime? cuda = null)
    {
        _split = split;
        _time = time;
        _device = device ?? torch.CPU;
        _memory = cuda?.AllocatePinned((long)batchSize * time * sizeof(long));
        Whole = (
            _memory is null
                ? torch.zeros([batchSize, time], torch.ScalarType.Int64)
                : LibTorch.FromMemory(_memory.Address, [batchSize, time], torch.ScalarType.Int64)
        ).DetachFromDisposeScope();
    }

    /// <summary>Gets what was read last, if it was a whole batch: int64 [B, T], the reader's own.</summary>
    public torch.Tensor Whole { get; }

    /// <summary>Reads sequences by their index; allocates nothing, and may be called on any thread.</summary>
    public void Fill(ReadOnlySpan<long> sequences)
    {
        for (var row = 0; row < sequences.Length; row++)
        {
            var ids = LibTorch.Span<long>(Whole, (long)row * _time, _time);
            _split.CopySequence(sequences[row], ids);
        }
    }

    /// <summary>Reads sequences by their index.</summary>
    /// <returns>Token ids, int64 [B, T]; the caller disposes them before the next read.</returns>
    public torch.Tensor Read(ReadOnlySpan<long> sequences)
    {
        Fill(sequences);
        using var scope = torch.NewDisposeScope();
        return Whole.narrow(0, 0, sequences.Length).to(_device).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Whole.Dispose();
        _memory?.Dispose();
    }
}
