using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Objectives;
using TorchSharp;

namespace CodeParrot.Training.Data;

// B batch, T time, N predicted tokens

/// <summary>
/// Arranges sequences of a split into one batch in host memory by the run's objective; each read overwrites the one
/// before. For one thread at a time.
/// </summary>
internal sealed class BatchReader : IDisposable
{
    private readonly ISequenceSource _split;
    private readonly IObjective _objective;
    private readonly torch.Device _device;
    private readonly CudaRuntime? _cuda;
    private readonly List<PinnedMemory> _pinned = [];
    private readonly long[] _source;
    private readonly torch.Tensor _ids_BT;
    private readonly torch.Tensor _positions_N;
    private readonly torch.Tensor _targets_N;

    /// <param name="split">Where the sequences are.</param>
    /// <param name="objective">What the model sees of a sequence, and what it predicts.</param>
    /// <param name="batchSize">Most sequences of a batch.</param>
    /// <param name="device">Where <see cref="Read"/> puts a batch; the CPU by default.</param>
    /// <param name="cuda">Given, the memory is pinned, so that a GPU can fetch a batch by itself.</param>
    public BatchReader(
        ISequenceSource split,
        IObjective objective,
        int batchSize,
        torch.Device? device = null,
        CudaRuntime? cuda = null
    )
    {
        _split = split;
        _objective = objective;
        _device = device ?? torch.CPU;
        _cuda = cuda;
        _source = new long[objective.SourceTokens];
        _ids_BT = New(batchSize, objective.InputTokens);
        var targetCount = objective.PredictsNext ? 0 : (long)batchSize * objective.TargetTokens;
        _positions_N = New(targetCount);
        _targets_N = New(targetCount);
        Whole = objective.PredictsNext
            ? TokenBatch.NextToken(_ids_BT)
            : new TokenBatch(_ids_BT, _positions_N, _targets_N);
    }

    /// <summary>Gets what was filled last, if it was a whole batch; the tensors are the reader's own.</summary>
    public TokenBatch Whole { get; }

    /// <summary>Gets the sequences of the split.</summary>
    public long SequenceCount => _split.SequenceCount(_objective.SourceTokens);

    /// <summary>Gets the tokens that are predicted of each sequence.</summary>
    public int TargetTokens => _objective.TargetTokens;

    /// <summary>Reads sequences by their index into the reader's tensors; allocates nothing.</summary>
    /// <param name="sequences">At most as many as a batch has.</param>
    /// <param name="keys">For each, what decides which of its tokens are hidden.</param>
    public void Fill(ReadOnlySpan<long> sequences, ReadOnlySpan<ulong> keys)
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
    }

    /// <summary>Reads sequences by their index, and brings them to the device.</summary>
    /// <param name="sequences">At most as many as a batch has.</param>
    /// <param name="keys">For each, what decides which of its tokens are hidden.</param>
    /// <returns>
    /// On the CPU views of this reader's tensors; the caller's dispose scope frees them before the next read.
    /// </returns>
    public TokenBatch Read(ReadOnlySpan<long> sequences, ReadOnlySpan<ulong> keys)
    {
        Fill(sequences, keys);
        var targetCount = _objective.PredictsNext ? 0 : (long)sequences.Length * _objective.TargetTokens;
        var ids_BT = First(_ids_BT, sequences.Length);
        return _objective.PredictsNext
            ? TokenBatch.NextToken(ids_BT)
            : new TokenBatch(ids_BT, First(_positions_N, targetCount), First(_targets_N, targetCount));
    }

    public void Dispose()
    {
        _ids_BT.Dispose();
        _positions_N.Dispose();
        _targets_N.Dispose();
        _pinned.ForEach(memory => memory.Dispose());
    }

    private static Span<long> Row(torch.Tensor tensor, int row, int length) =>
        LibTorch.Span<long>(tensor, (long)row * length, length);

    private torch.Tensor First(torch.Tensor tensor, long count)
    {
        using var scope = torch.NewDisposeScope();
#pragma warning disable RS0030 // From the host to the device.
        return tensor.narrow(0, 0, count).to(_device).MoveToOuterDisposeScope();
#pragma warning restore RS0030
    }

    private torch.Tensor New(params long[] shape)
    {
        var sizeBytes = shape.Aggregate((long)sizeof(long), (size, length) => size * length);
        if (_cuda is null || sizeBytes == 0)
        {
            return torch.zeros(shape, torch.ScalarType.Int64).DetachFromDisposeScope();
        }
        var memory = _cuda.AllocatePinned(sizeBytes);
        _pinned.Add(memory);
        return LibTorch.FromMemory(memory.Address, shape, torch.ScalarType.Int64).DetachFromDisposeScope();
    }
}
