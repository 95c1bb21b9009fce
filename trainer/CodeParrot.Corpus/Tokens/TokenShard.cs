using System.IO.MemoryMappedFiles;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tokens;

/// <summary>A shard mapped into memory. Reads are safe from many threads.</summary>
internal sealed unsafe class TokenShard : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly TokenShardHeader _header;
    private byte* _bytes;

    private TokenShard(MemoryMappedFile file, MemoryMappedViewAccessor view, byte* bytes, TokenShardHeader header)
    {
        _file = file;
        _view = view;
        _bytes = bytes;
        _header = header;
    }

    public long Tokens => _header.Tokens;

    public long Documents => _header.Documents;

    /// <summary>Maps a shard after comparing its head and size with the manifest.</summary>
    /// <exception cref="StoreCorruptionException">The file is not the shard that the manifest lists.</exception>
    public static TokenShard Open(string folder, TokenShardInfo info, TokenManifest manifest)
    {
        var path = Path.Combine(folder, info.Name);
        if (!File.Exists(path))
            throw new ObjectNotFoundException(StoreLocation.Parse(folder), info.Name);
        var sizeBytes = new FileInfo(path).Length;
        if (sizeBytes != info.SizeBytes || sizeBytes < TokenShardHeader.SizeBytes)
            throw Damaged(folder, info, $"{info.SizeBytes} bytes", $"{sizeBytes} bytes");
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* bytes = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
        var shard = new TokenShard(file, view, bytes, default);
        var expected = new TokenShardHeader(
            manifest.TokenBytes,
            manifest.VocabularySize,
            manifest.Kind,
            info.Tokens,
            info.Documents
        );
        var header = TokenShardHeader.TryRead(new ReadOnlySpan<byte>(bytes, TokenShardHeader.SizeBytes), out var found);
        if (header == expected && expected.ShardBytes == sizeBytes)
            return new TokenShard(file, view, bytes, expected);
        shard.Dispose();
        throw Damaged(folder, info, $"the head {expected}", header is null ? found : $"{header}");
    }

    /// <summary>Copies tokens from a position; they must lie inside the shard.</summary>
    public void CopyTokens(long start, Span<long> destination)
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        var tokens = _bytes + TokenShardHeader.SizeBytes + (start * _header.TokenBytes);
        if (_header.TokenBytes == sizeof(ushort))
        {
            foreach (ref var id in destination)
            {
                id = *(ushort*)tokens;
                tokens += sizeof(ushort);
            }
        }
        else
        {
            foreach (ref var id in destination)
            {
                id = *(uint*)tokens;
                tokens += sizeof(uint);
            }
        }
    }

    /// <summary>Returns where a document begins; the number of documents gives the end of the last.</summary>
    public long StartOf(long document)
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        return document == Documents ? Tokens : ((long*)(_bytes + _header.IndexOffset))[document];
    }

    public void Dispose()
    {
        if (_bytes is null)
            return;
        _bytes = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static StoreCorruptionException Damaged(
        string folder,
        TokenShardInfo info,
        string expected,
        string actual
    ) => new(StoreLocation.Parse(folder), info.Name, expected, actual);
}
