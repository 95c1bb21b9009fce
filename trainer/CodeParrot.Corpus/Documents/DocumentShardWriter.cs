using CodeParrot.Corpus.Pipeline;
using ZstdSharp;

namespace CodeParrot.Corpus.Documents;

/// <summary>Writes one document shard to a file.</summary>
internal sealed class DocumentShardWriter : IDisposable
{
    private const int CompressionLevel = 3;

    private readonly FileStream _file;
    private readonly CompressionStream _stream;
    private long _documents;

    public DocumentShardWriter(string path, string name)
    {
        Path = path;
        Name = name;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 256 * 1024);
        _stream = new CompressionStream(_file, CompressionLevel, leaveOpen: true);
    }

    public string Path { get; }

    public string Name { get; }

    public long ContentBytes { get; private set; }

    public void Append(KeptDocument document)
    {
        _stream.Write(document.Line.Span);
        ContentBytes += document.ContentBytes;
        _documents++;
    }

    public DocumentShardInfo Finish(CancellationToken cancellationToken)
    {
        _stream.Dispose();
        _file.Flush();
        var sizeBytes = _file.Length;
        _file.Dispose();
        var digest = FileDigest.Compute(Path, cancellationToken);
        return new DocumentShardInfo(Name, _documents, ContentBytes, sizeBytes, digest);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }
}
