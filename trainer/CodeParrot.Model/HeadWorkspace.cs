using CodeParrot.Model.Native;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// N rows (tokens) of a chunk, V vocabulary

/// <summary>
/// The memory that a chunk of logits is computed in, kept from step to step. 64 MiB asked anew of the system cost as
/// much as the softmax that fills them: every page of them is touched for the first time (32 of 45 ms were that).
/// </summary>
internal sealed class HeadWorkspace : IDisposable
{
    // A chunk's logits take 64 MiB in fp32: large enough for the matrix product, small beside the activations of a
    // block.
    private const long ChunkBytes = 64 << 20;

    private readonly Dictionary<ScalarType, NativeTensor> _buffers = [];
    private readonly long _vocabulary;

    /// <param name="vocabulary">V.</param>
    public HeadWorkspace(long vocabulary)
    {
        _vocabulary = vocabulary;
        ChunkRows = Math.Max(64, ChunkBytes / (vocabulary * sizeof(float)));
    }

    /// <summary>Rows of a chunk, at least 1; as many as make a good product unless set.</summary>
    public long ChunkRows { get; set; }

    /// <summary>
    /// Room for logits, [N, V] of a type, on the device of <paramref name="rows_NC"/>; its content is what was there
    /// before.
    /// </summary>
    public NativeTensor Logits(NativeTensor rows_NC, ScalarType type)
    {
        var rows = rows_NC.Size(0);
        var isThere = _buffers.TryGetValue(type, out var buffer);
        if (!isThere || buffer.Size(0) < rows)
        {
            // A small batch never needs a whole chunk.
            _buffers.Remove(type);
            buffer.Free();
            buffer = rows_NC.NewEmpty(type, rows, _vocabulary).Keep();
            _buffers[type] = buffer;
        }

        return buffer.Narrow(0, 0, rows);
    }

    /// <summary>Gives the memory back; the next use takes it anew.</summary>
    public void Release()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Free();
        }

        _buffers.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Release();
}
