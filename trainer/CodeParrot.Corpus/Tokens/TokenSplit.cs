namespace CodeParrot.Corpus.Tokens;

/// <summary>The shards of one split as one row of tokens. Reads are safe from many threads.</summary>
public sealed class TokenSplit : ISequenceSource
{
    private readonly TokenShard[] _shards;
    private readonly TokenShardInfo[] _infos;
    private readonly TokenKind _kind;
    private readonly string _name;

    // The tokens, and the documents, before each shard; one more entry for the whole.
    private readonly long[] _tokensBefore;
    private readonly long[] _documentsBefore;

    internal TokenSplit(
        string name,
        TokenKind kind,
        IReadOnlyList<TokenShardInfo> infos,
        IReadOnlyList<TokenShard> shards
    )
    {
        _name = name;
        _kind = kind;
        _infos = [.. infos];
        _shards = [.. shards];
        _tokensBefore = Sums(_shards.Select(shard => shard.Tokens));
        _documentsBefore = Sums(_shards.Select(shard => shard.Documents));
    }

    /// <summary>Gets the number of tokens.</summary>
    public long Tokens => _tokensBefore[^1];

    /// <summary>Gets the number of documents, or of ready-made sequences.</summary>
    public long Documents => _documentsBefore[^1];

    /// <summary>
    /// Returns how many sequences of <paramref name="length"/> tokens there are: the stream cut into pieces, its tail
    /// dropped; or the number of ready-made sequences.
    /// </summary>
    /// <exception cref="SequenceLengthException">Ready-made sequences are not all of this length.</exception>
    public long SequenceCount(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (_kind == TokenKind.Documents)
            return Tokens / length;
        RequireLength(length);
        return Documents;
    }

    /// <summary>Copies a sequence, whose length is that of the destination; it may span shards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    /// <exception cref="SequenceLengthException">Ready-made sequences are not all of this length.</exception>
    public void CopySequence(long index, Span<long> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SequenceCount(destination.Length));
        // Ready-made sequences of one length lie as a stream cut to that length does.
        CopyTokens(index * destination.Length, destination);
    }

    /// <summary>Copies tokens from a position of the stream; they may span shards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stream does not hold them all.</exception>
    public void CopyTokens(long start, Span<long> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, Tokens, nameof(start));
        var shardIndex = Find(_tokensBefore, start);
        while (destination.Length > 0)
        {
            var offset = start - _tokensBefore[shardIndex];
            var count = (int)Math.Min(destination.Length, _shards[shardIndex].Tokens - offset);
            _shards[shardIndex].CopyTokens(offset, destination[..count]);
            destination = destination[count..];
            start += count;
            shardIndex++;
        }
    }

    /// <summary>Returns a document's ids, its end-of-text id included where one was added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such document.</exception>
    public long[] ReadDocument(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Documents);
        var shardIndex = Find(_documentsBefore, index);
        var shard = _shards[shardIndex];
        var inShard = index - _documentsBefore[shardIndex];
        var start = shard.StartOf(inShard);
        var ids = new long[shard.StartOf(inShard + 1) - start];
        shard.CopyTokens(start, ids);
        return ids;
    }

    private void RequireLength(int length)
    {
        foreach (var info in _infos)
        {
            if (info.Documents > 0 && (info.MinDocumentTokens != length || info.MaxDocumentTokens != length))
                throw new SequenceLengthException(
                    _name,
                    Documents,
                    _infos.Where(shard => shard.Documents > 0).Min(shard => shard.MinDocumentTokens),
                    _infos.Max(shard => shard.MaxDocumentTokens),
                    length
                );
        }
    }

    // Empty shards share their start with the next one, and the last of equals is the one that holds the position.
    private static int Find(long[] before, long position)
    {
        var low = 0;
        var high = before.Length - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (before[middle] <= position)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    private static long[] Sums(IEnumerable<long> counts)
    {
        var sums = new List<long> { 0 };
        foreach (var count in counts)
            sums.Add(sums[^1] + count);
        return [.. sums];
    }
}
