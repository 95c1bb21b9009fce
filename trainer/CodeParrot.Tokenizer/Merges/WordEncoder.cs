using CodeParrot.Tokenizer.Splitting;
using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Merges;

/// <summary>One thread's means of encoding: buffers and a cache of words over the shared merge table.</summary>
internal sealed class WordEncoder(MergeTable merges, int[] byteIds, int cacheCapacity)
{
    private readonly WordMerger _merger = new(merges);
    private readonly WordCache _cache = new(cacheCapacity);

    /// <summary>A buffer for text on its way to UTF-8; grows as needed and is kept.</summary>
    public byte[] Utf8 { get; private set; } = [];

    /// <summary>Makes <see cref="Utf8"/> at least so long.</summary>
    public byte[] Reserve(int byteCount)
    {
        if (Utf8.Length < byteCount)
        {
            Utf8 = new byte[Math.Max(byteCount, Math.Min(Utf8.Length * 2L, Array.MaxLength))];
        }

        return Utf8;
    }

    /// <summary>Appends the tokens of a text without special tokens.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        for (int start = 0; start < utf8.Length; )
        {
            int end = WordSplitter.WordEnd(utf8, start);
            EncodeWord(utf8[start..end], ids);
            start = end;
        }
    }

    private void EncodeWord(ReadOnlySpan<byte> word, List<int> ids)
    {
        if (word.Length == 1)
        {
            ids.Add(byteIds[word[0]]);
            return;
        }

        uint hash = WordHash.Of(word);
        if (!_cache.TryGet(word, hash, out ReadOnlySpan<int> found))
        {
            found = _merger.Merge(word, byteIds);
            _cache.Add(word, hash, found);
        }

        if (found.Length == 1)
        {
            ids.Add(found[0]);
        }
        else
        {
            ids.AddRange(found);
        }
    }
}
