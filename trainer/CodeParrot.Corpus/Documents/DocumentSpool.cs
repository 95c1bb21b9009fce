using System.Text;
using CodeParrot.Corpus.Pipeline;
using ZstdSharp;

namespace CodeParrot.Corpus.Documents;

/// <summary>
/// A file of documents on their way, written once and then read in the same order; compressed, about a fifth of
/// their texts. The same documents make the same file.
/// </summary>
internal sealed class DocumentSpool : IDisposable
{
    // The file is read once, soon, on the same machine.
    private const int CompressionLevel = 1;
    private const int BufferBytes = 256 * 1024;

    private readonly string _path;
    private readonly BinaryWriter _writer;
    private int _count;

    public DocumentSpool(string path)
    {
        _path = path;
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        _writer = new BinaryWriter(new CompressionStream(file, CompressionLevel, leaveOpen: false), Encoding.UTF8);
    }

    /// <summary>Appends a document; its digest and its sketch are not kept.</summary>
    public void Add(KeptDocument document)
    {
        _writer.Write(document.SplitHash);
        _writer.Write(document.ContentBytes);
        _writer.Write(document.License);
        _writer.Write(document.Line.Length);
        _writer.Write(document.Line.Span);
        _count++;
    }

    /// <summary>Closes the file and reads what was added.</summary>
    public IEnumerable<KeptDocument> Read()
    {
        _writer.Dispose();
        return Read(_path, _count);
    }

    /// <summary>Reads a file of so many documents.</summary>
    public static IEnumerable<KeptDocument> Read(string path, int count)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        using var reader = new BinaryReader(new DecompressionStream(file, leaveOpen: false), Encoding.UTF8);
        for (var i = 0; i < count; i++)
        {
            var splitHash = reader.ReadUInt64();
            var contentBytes = reader.ReadInt64();
            var license = reader.ReadString();
            var line = reader.ReadBytes(reader.ReadInt32());
            yield return new KeptDocument(line, UInt128.Zero, splitHash, license, contentBytes);
        }
    }

    public void Dispose() => _writer.Dispose();
}
