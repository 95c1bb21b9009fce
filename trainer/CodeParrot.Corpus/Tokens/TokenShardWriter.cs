using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CodeParrot.Corpus.Tokens;

/// <summary>Writes one shard to a file. Memory: 8 bytes a document and a buffer.</summary>
internal sealed class TokenShardWriter : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly int _vocabularySize;
    private readonly int _tokenBytes;
    private readonly TokenKind _kind;
    private readonly List<long> _starts = [];
    private byte[] _packed = [];
    private long _minTokens = long.MaxValue;
    private long _maxTokens;

    public TokenShardWriter(string path, string name, int vocabularySize, TokenKind kind)
    {
        Path = path;
        Name = name;
        _vocabularySize = vocabularySize;
        _tokenBytes = TokenShardHeader.TokenBytesFor(vocabularySize);
        _kind = kind;
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        _file.Write(new byte[TokenShardHeader.SizeBytes]);
    }

    public string Path { get; }

    public string Name { get; }

    public long Tokens { get; private set; }

    /// <summary>Appends a document as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary; nothing was appended.</exception>
    public void Append(ReadOnlySpan<int> ids)
    {
        Pack(ids);
        _starts.Add(Tokens);
        _file.Write(_packed.AsSpan(0, ids.Length * _tokenBytes));
        Tokens += ids.Length;
        _minTokens = Math.Min(_minTokens, ids.Length);
        _maxTokens = Math.Max(_maxTokens, ids.Length);
    }

    /// <summary>Completes the file and returns what it holds.</summary>
    public TokenShardInfo Finish()
    {
        var header = new TokenShardHeader(_tokenBytes, _vocabularySize, _kind, Tokens, _starts.Count);
        _file.Write(new byte[header.IndexOffset - _file.Position]);
        _file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_starts)));
        var bytes = new byte[TokenShardHeader.SizeBytes];
        header.Write(bytes);
        _file.Position = 0;
        _file.Write(bytes);
        _file.Flush();
        // The counts stand in front of what they count, so the digest is taken from the file, which is still in memory.
        _file.Position = 0;
        var digest = Convert.ToHexStringLower(SHA256.HashData(_file));
        var minTokens = _starts.Count == 0 ? 0 : _minTokens;
        return new TokenShardInfo(Name, Tokens, _starts.Count, minTokens, _maxTokens, header.ShardBytes, digest);
    }

    public void Dispose() => _file.Dispose();

    private void Pack(ReadOnlySpan<int> ids)
    {
        if (_packed.Length < ids.Length * _tokenBytes)
            _packed = new byte[ids.Length * _tokenBytes * 2];
        var narrow = MemoryMarshal.Cast<byte, ushort>(_packed.AsSpan());
        var wide = MemoryMarshal.Cast<byte, uint>(_packed.AsSpan());
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)_vocabularySize)
                throw new ArgumentOutOfRangeException(
                    nameof(ids),
                    ids[i],
                    $"id {i} of a document is not below the vocabulary size {_vocabularySize}"
                );
            if (_tokenBytes == sizeof(ushort))
                narrow[i] = (ushort)ids[i];
            else
                wide[i] = (uint)ids[i];
        }
    }
}
