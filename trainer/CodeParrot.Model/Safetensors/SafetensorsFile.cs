using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Safetensors;

/// <summary>
/// Reads a safetensors file (https://github.com/huggingface/safetensors): u64 length, JSON header, data. Every offset
/// is checked against the file before anything is allocated by it.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int PieceBytes = 16 << 20;
    private readonly Stream _stream;
    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">A seekable stream, owned from here on.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="SafetensorsException">The header is damaged, or promises data that is not there.</exception>
    public SafetensorsFile(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        Name = name;
        _tensors = SafetensorsHeader.Read(stream, name).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>All tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    /// <summary>Opens a file on disk.</summary>
    /// <exception cref="SafetensorsException">The header is damaged, or promises data that is not there.</exception>
    public static SafetensorsFile Open(string path)
    {
        // Pieces are large already: a buffer would only copy them once more.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return new SafetensorsFile(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads a tensor into <paramref name="destination"/>, converting the element type: straight into its memory where
    /// that is contiguous host memory of the same type, else by way of a host copy.
    /// </summary>
    /// <exception cref="SafetensorsException">There is no such tensor, its size differs, or reading fails.</exception>
    public void Read(string tensor, torch.Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var entry = Find(tensor);
        if (destination.numel() != ValuesOf(entry))
        {
            var found = string.Join(", ", entry.Shape);
            throw new SafetensorsException(Name, tensor, $"expected {destination.numel()} values, found [{found}]");
        }

        Read(entry, offset: 0, destination);
    }

    /// <summary>
    /// Reads the values of a tensor from element <paramref name="offset"/> on, counted row by row, as many as
    /// <paramref name="destination"/> holds.
    /// </summary>
    /// <exception cref="SafetensorsException">There is no such tensor, it is too short, or reading fails.</exception>
    public void ReadSlice(string tensor, long offset, torch.Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var entry = Find(tensor);
        if (destination.numel() > ValuesOf(entry) - offset)
        {
            var expected = $"expected {destination.numel()} values from element {offset} on";
            throw new SafetensorsException(Name, tensor, $"{expected}, found [{string.Join(", ", entry.Shape)}]");
        }

        Read(entry, offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private SafetensorsTensor Find(string tensor) =>
        _tensors.TryGetValue(tensor, out var entry)
            ? entry
            : throw new SafetensorsException(Name, tensor, "is missing");

    private static long ValuesOf(SafetensorsTensor entry) =>
        entry.Shape.Aggregate(1L, (product, size) => product * size);

    private void Read(SafetensorsTensor entry, long offset, torch.Tensor destination)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var isDirect =
            destination.device_type == DeviceType.CPU && destination.is_contiguous() && destination.dtype == entry.Type;
        var host = isDirect ? destination : torch.empty(destination.shape, entry.Type, torch.CPU);
        ReadBytes(entry, offset, host);
        if (!isDirect)
        {
            destination.copy_(host);
        }
    }

    private unsafe void ReadBytes(SafetensorsTensor entry, long offset, torch.Tensor host)
    {
        var memory = (byte*)LibTorch.DataPointer(host);
        var bytes = host.numel() * host.element_size();
        try
        {
            _stream.Position = entry.Position + offset * host.element_size();
            for (var done = 0L; done < bytes; )
            {
                var piece = new Span<byte>(memory + done, (int)Math.Min(PieceBytes, bytes - done));
                _stream.ReadExactly(piece);
                done += piece.Length;
            }
        }
        catch (IOException e)
        {
            throw new SafetensorsException(Name, entry.Name, $"cannot be read: {e.Message}", e);
        }

        GC.KeepAlive(host);
    }
}
