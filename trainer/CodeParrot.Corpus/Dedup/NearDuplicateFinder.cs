namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// Groups documents: those that share a band and are as similar as asked are joined, and so are those that others
/// join. One band at a time is in memory, 24 bytes a document in all, and one thread walks over the documents in
/// their order: the groups depend on nothing else.
/// </summary>
internal sealed class NearDuplicateFinder
{
    // Bounds the work on a bucket of many documents that are alike but not alike enough. Documents that belong
    // together already are not compared, so that a bucket of any number of copies is far below it.
    private const int MostComparisons = 1000;

    private readonly SketchReader _sketches;
    private readonly double _similarity;
    private readonly DisjointSets _groups;

    // The band that is looked at: its hashes, and whose they are. Kept, as arrays of this size would otherwise pile up.
    private readonly ulong[] _hashes;
    private readonly int[] _documents;
    private long _compared;

    public NearDuplicateFinder(SketchReader sketches, double similarity)
    {
        _sketches = sketches;
        _similarity = similarity;
        _groups = new DisjointSets(sketches.Count);
        _hashes = new ulong[sketches.Count];
        _documents = new int[sketches.Count];
    }

    /// <summary>Joins the documents that share this band.</summary>
    public void AddBand(int band, CancellationToken cancellationToken)
    {
        var (hashes, documents) = (_hashes, _documents);
        _sketches.ReadBand(band, hashes);
        var count = 0;
        for (var document = 0; document < documents.Length; document++)
        {
            if (_sketches.TokensOf(document).IsEmpty)
                continue;
            hashes[count] = hashes[document];
            documents[count++] = document;
        }
        Array.Sort(hashes, documents, 0, count);
        var start = 0;
        for (var end = 1; end <= count; end++)
        {
            if (end < count && hashes[end] == hashes[start])
                continue;
            if (end - start > 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddBucket(documents.AsSpan(start, end - start));
            }
            start = end;
        }
    }

    /// <summary>Returns whether a document is the first of its group, or alone.</summary>
    public bool IsFirst(int document) => _groups.Find(document) == document;

    /// <summary>Counts what was found.</summary>
    public NearDuplicateCounts Count(Banding banding)
    {
        var sizes = _documents;
        Array.Clear(sizes);
        for (var document = 0; document < sizes.Length; document++)
            sizes[_groups.Find(document)]++;
        var (groups, largest, dropped) = (0L, 0L, 0L);
        foreach (var size in sizes.Where(size => size > 1))
        {
            groups++;
            largest = Math.Max(largest, size);
            dropped += size - 1;
        }
        return new NearDuplicateCounts(groups, largest, dropped, _compared, banding.Bands, banding.Rows);
    }

    private void AddBucket(Span<int> documents)
    {
        if (documents.Length == 2)
        {
            // Nearly all buckets.
            AddPair(documents[0], documents[1]);
            return;
        }
        // Equal hashes come out of the sort in any order.
        documents.Sort();
        // The documents so far, by the group they are in.
        var parts = new List<List<int>>();
        foreach (var document in documents)
        {
            var own = new List<int> { document };
            var comparisons = 0;
            for (var i = parts.Count - 1; i >= 0; i--)
            {
                if (!Joins(document, parts[i], ref comparisons))
                    continue;
                parts[i].AddRange(own);
                own = parts[i];
                parts.RemoveAt(i);
            }
            parts.Add(own);
            _compared += comparisons;
        }
    }

    private void AddPair(int one, int other)
    {
        if (_groups.Find(one) == _groups.Find(other))
            return;
        _compared++;
        if (TokenSets.AreSimilar(_sketches.TokensOf(one), _sketches.TokensOf(other), _similarity))
            _groups.Unite(one, other);
    }

    private bool Joins(int document, List<int> part, ref int comparisons)
    {
        if (_groups.Find(document) == _groups.Find(part[0]))
            return true;
        foreach (var other in part)
        {
            if (comparisons == MostComparisons)
                return false;
            comparisons++;
            if (!TokenSets.AreSimilar(_sketches.TokensOf(document), _sketches.TokensOf(other), _similarity))
                continue;
            _groups.Unite(document, other);
            return true;
        }
        return false;
    }
}
