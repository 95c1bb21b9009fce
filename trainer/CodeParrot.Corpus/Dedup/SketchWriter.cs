using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// Writes sketches to files, so that what is held in memory meanwhile does not grow with their number.
/// </summary>
internal sealed class SketchWriter : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly SketchFiles _files;
    private readonly FileStream _bands;
    private readonly FileStream _tokens;
    private readonly FileStream _sizes;
    private readonly ulong[] _block;

    public SketchWriter(SketchFiles files)
    {
        _files = files;
        _bands = Create(files.BandsPath);
        _tokens = Create(files.TokensPath);
        _sizes = Create(files.SizesPath);
        _block = new ulong[SketchFiles.BlockSketches * files.Bands];
    }

    /// <summary>Gets the number of documents so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next document's sketch; none keeps its place.</summary>
    public void Add(NearSketch? sketch)
    {
        var place = Count % SketchFiles.BlockSketches;
        for (var band = 0; band < _files.Bands; band++)
            _block[(band * SketchFiles.BlockSketches) + place] = sketch?.Bands[band] ?? 0;
        var tokens = sketch?.Tokens ?? [];
        var size = tokens.Length;
        _tokens.Write(MemoryMarshal.AsBytes(tokens.AsSpan()));
        _sizes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in size)));
        Count = checked(Count + 1);
        if (place == SketchFiles.BlockSketches - 1)
            _bands.Write(MemoryMarshal.AsBytes(_block.AsSpan()));
    }

    /// <summary>Completes the files.</summary>
    public void Complete()
    {
        if (Count % SketchFiles.BlockSketches > 0)
            _bands.Write(MemoryMarshal.AsBytes(_block.AsSpan()));
        Dispose();
    }

    public void Dispose()
    {
        _bands.Dispose();
        _tokens.Dispose();
        _sizes.Dispose();
    }

    private static FileStream Create(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
}
