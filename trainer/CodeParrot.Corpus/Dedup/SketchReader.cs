using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// Reads the sketches that were written. Memory: 8 bytes a document; the tokens are mapped, and stay where they are.
/// </summary>
internal sealed unsafe class SketchReader : IDisposable
{
    private readonly SketchFiles _files;
    private readonly FileStream _bands;
    private readonly MemoryMappedFile? _tokenFile;
    private readonly MemoryMappedViewAccessor? _tokenView;
    private readonly byte* _tokens;

    // The first token of each document, and one more entry for the end.
    private readonly long[] _starts;

    public SketchReader(SketchFiles files, int count)
    {
        _files = files;
        _starts = ReadStarts(files.SizesPath, count);
        _bands = new FileStream(files.BandsPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        // An empty file cannot be mapped.
        if (_starts[count] == 0)
            return;
        _tokenFile = MemoryMappedFile.CreateFromFile(
            files.TokensPath,
            FileMode.Open,
            null,
            0,
            MemoryMappedFileAccess.Read
        );
        _tokenView = _tokenFile.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _tokenView.SafeMemoryMappedViewHandle.AcquirePointer(ref _tokens);
    }

    /// <summary>Gets the number of documents.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Returns a document's distinct tokens; none when it had no sketch.</summary>
    public ReadOnlySpan<uint> TokensOf(int document)
    {
        var start = _starts[document];
        var size = (int)(_starts[document + 1] - start);
        return size == 0 ? [] : new ReadOnlySpan<uint>(_tokens + (start * sizeof(uint)), size);
    }

    /// <summary>Reads one band of all documents.</summary>
    public void ReadBand(int band, Span<ulong> hashes)
    {
        for (var block = 0; hashes.Length > 0; block++)
        {
            var piece = hashes[..Math.Min(hashes.Length, SketchFiles.BlockSketches)];
            _bands.Position = _files.OffsetOf(block, band);
            _bands.ReadExactly(MemoryMarshal.AsBytes(piece));
            hashes = hashes[piece.Length..];
        }
    }

    public void Dispose()
    {
        _bands.Dispose();
        if (_tokenView is null)
            return;
        _tokenView.SafeMemoryMappedViewHandle.ReleasePointer();
        _tokenView.Dispose();
        _tokenFile!.Dispose();
    }

    private static long[] ReadStarts(string path, int count)
    {
        var starts = new long[count + 1];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024);
        Span<int> size = stackalloc int[1];
        for (var i = 0; i < count; i++)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(size));
            starts[i + 1] = starts[i] + size[0];
        }
        return starts;
    }
}
