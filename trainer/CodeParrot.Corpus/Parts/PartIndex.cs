using System.Runtime.InteropServices;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// The file of what duplicates are known by: for each document its digest, the number of its distinct tokens, and where
/// there are any, the hashes of its bands and tokens. Little-endian, as all machines are that this runs on.
/// </summary>
internal sealed class PartIndex(string path) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);

    /// <summary>Appends a document's.</summary>
    public void Add(UInt128 digest, NearSketch? sketch)
    {
        var size = sketch?.Tokens.Length ?? 0;
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in digest)));
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in size)));
        if (sketch is null)
            return;
        _file.Write(MemoryMarshal.AsBytes(sketch.Bands.AsSpan()));
        _file.Write(MemoryMarshal.AsBytes(sketch.Tokens.AsSpan()));
    }

    /// <summary>Reads a file of so many documents, whose sketches have so many bands.</summary>
    public static IEnumerable<IndexEntry> Read(string path, int count, int bands)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        for (var i = 0; i < count; i++)
        {
            var digest = ReadOne<UInt128>(file);
            var size = ReadOne<int>(file);
            yield return size == 0
                ? new IndexEntry(digest, null)
                : new IndexEntry(digest, new NearSketch(ReadMany<ulong>(file, bands), ReadMany<uint>(file, size)));
        }
    }

    public void Dispose() => _file.Dispose();

    private static T ReadOne<T>(FileStream file)
        where T : unmanaged
    {
        var value = default(T);
        file.ReadExactly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    private static T[] ReadMany<T>(FileStream file, int count)
        where T : unmanaged
    {
        var values = new T[count];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
