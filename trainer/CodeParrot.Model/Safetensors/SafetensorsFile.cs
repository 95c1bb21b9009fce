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
        if (!_tensors.TryGetValue(tensor, out var entry))
        {
            throw new SafetensorsException(Name, tensor, "is missing");
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var shape = entry.Shape.ToArray();
        if (destination.numel() != shape.Aggregate(1L, (product, size) => product * size))
        {
            var found = string.Join(", ", shape);
            throw new SafetensorsException(Name, tensor, $"expected {destination.numel()} values, found [{found}]");
        }

        var isDirect =
            destination.device_type == DeviceType.CPU && destination.is_contiguous() && destination.dtype == entry.Type;
        var host = isDirect ? destination : torch.empty(shape, entry.Type, torch.CPU);
        ReadBytes(entry, host);
        if (!isDirect)
        {
            destination.copy_(host.view(destination.shape));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private unsafe void ReadBytes(SafetensorsTensor entry, torch.Tensor host)
    {
        var memory = (byte*)LibTorch.DataPointer(host);
        try
        {
            _stream.Position = entry.Position;
            for (var done = 0L; done < entry.Bytes; )
            {
                var piece = new Span<byte>(memory + done, (int)Math.Min(PieceBytes, entry.Bytes - done));
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
