using System.Runtime.CompilerServices;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// A source on this machine's disks. Links to files are followed, and links to folders unless they lead in a circle.
/// </summary>
internal sealed class LocalSourceTree(string path) : ISourceTree
{
    private const int BufferBytes = 64 * 1024;

    public string Uri => path;

    public async IAsyncEnumerable<SourceObject> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await Task.CompletedTask;
        if (File.Exists(path))
        {
            yield return LocalFiles.Describe(new FileInfo(path), Path.GetFileName(path));
            yield break;
        }
        if (!Directory.Exists(path))
            throw new SourceNotFoundException(path);
        var isEmpty = true;
        foreach (var found in new LocalTreeWalk(path).Walk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            isEmpty = false;
            yield return found;
        }
        if (isEmpty)
            throw new SourceNotFoundException(path);
    }

    public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken = default)
    {
        var file = File.Exists(path) ? path : Path.Combine(path, source.Key);
        var options = new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = BufferBytes,
        };
        return Task.FromResult<Stream>(new FileStream(file, options));
    }

    public async Task<Stream> OpenAtAsync(
        SourceObject source,
        long offset,
        CancellationToken cancellationToken = default
    )
    {
        var stream = await OpenAsync(source, cancellationToken);
        stream.Position = offset;
        return stream;
    }

    public void Dispose() { }
}
