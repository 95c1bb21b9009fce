using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Safetensors;

/// <summary>
/// A safetensors file that exists only as a stream over tensors in memory: readable, seekable and of known length, so
/// that a checkpoint goes to a store in parallel parts without a copy or a temporary file. The tensors must neither be
/// disposed nor changed while it is read.
/// </summary>
public sealed class SafetensorsStream : Stream
{
    private readonly byte[] _header;
    private readonly torch.Tensor[] _tensors;
    private readonly long[] _starts;
    private long _position;

    /// <summary>Lays the tensors out in this order.</summary>
    /// <exception cref="ArgumentException">A tensor is not contiguous host memory.</exception>
    /// <exception cref="NotSupportedException">The format cannot hold a tensor's element type.</exception>
    public SafetensorsStream(IReadOnlyList<SafetensorsEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var (name, tensor) in entries)
        {
            if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
            {
                throw new ArgumentException($"tensor {name} must be contiguous host memory", nameof(entries));
            }
        }

        _header = SafetensorsHeader.Write(entries);
        _tensors = entries.Select(entry => entry.Tensor).ToArray();
        _starts = new long[_tensors.Length + 1];
        _starts[0] = _header.Length;
        for (var i = 0; i < _tensors.Length; i++)
        {
            _starts[i + 1] = _starts[i] + _tensors[i].numel() * _tensors[i].element_size();
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _starts[^1];

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = ReadAt(_position, buffer);
        _position += read;
        return read;
    }

    /// <summary>
    /// Fills the buffer from a position, without moving this stream's: parts may be read from several threads.
    /// </summary>
    /// <returns>Bytes read: the whole buffer, or what is left before the end.</returns>
    public int ReadAt(long position, Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && position + read < Length)
        {
            var piece = PieceAt(position + read, buffer.Length - read);
            piece.CopyTo(buffer[read..]);
            read += piece.Length;
        }

        return read;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        return _position;
    }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("a stream over tensors is read only");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("a stream over tensors is read only");

    // The bytes from a position to the end of the header or tensor it lies in, at most `count`.
    private unsafe ReadOnlySpan<byte> PieceAt(long position, int count)
    {
        if (position < _header.Length)
        {
            var rest = _header.AsSpan((int)position);
            return rest[..Math.Min(rest.Length, count)];
        }

        // The last start at or before the position; empty tensors share their start with the next.
        var index = Array.BinarySearch(_starts, position);
        index = index < 0 ? ~index - 1 : index;
        while (_starts[index + 1] <= position)
        {
            index++;
        }

        var within = position - _starts[index];
        var length = (int)Math.Min(count, _starts[index + 1] - position);
        return new ReadOnlySpan<byte>((byte*)LibTorch.DataPointer(_tensors[index]) + within, length);
    }
}
