using System.Buffers;
using CodeParrot.Tokenizer.Splitting;
using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>Documents in UTF-8, one behind the other in a rented buffer, with their ends.</summary>
internal sealed class DocumentChunk(int capacity) : IDisposable
{
    private readonly byte[] _utf8 = ArrayPool<byte>.Shared.Rent(capacity);
    private readonly List<int> _ends = [];

    /// <summary>Whether it holds no document.</summary>
    public bool IsEmpty => _ends.Count == 0;

    /// <summary>The room behind the last document.</summary>
    public Span<byte> Free => _utf8.AsSpan(IsEmpty ? 0 : _ends[^1]);

    /// <summary>Makes the first bytes of <see cref="Free"/> a document.</summary>
    public void Commit(int byteCount) => _ends.Add((IsEmpty ? 0 : _ends[^1]) + byteCount);

    /// <summary>Counts the words of each document; no word reaches over a document's end.</summary>
    public void CountInto(WordTable words)
    {
        int start = 0;
        foreach (int end in _ends)
        {
            ReadOnlySpan<byte> document = _utf8.AsSpan(start, end - start);
            for (int position = 0; position < document.Length; )
            {
                int wordEnd = WordSplitter.WordEnd(document, position);
                words.Add(document[position..wordEnd], 1);
                position = wordEnd;
            }

            start = end;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_utf8);
}
