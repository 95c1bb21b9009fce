using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Words;

/// <summary>Distinct words with the number of times each was seen. The bytes of all words lie in one buffer.</summary>
internal sealed class WordTable
{
    private const int FirstCapacity = 1 << 12;

    private int[] _slots = new int[FirstCapacity * 2];
    private Entry[] _entries = new Entry[FirstCapacity];
    private byte[] _bytes = new byte[FirstCapacity * 8];
    private int _byteCount;

    /// <summary>Number of distinct words.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all distinct words together.</summary>
    public int ByteCount => _byteCount;

    /// <summary>Number of words counted, repetitions included.</summary>
    public long Total { get; private set; }

    /// <summary>The bytes of a word; valid until the next <see cref="Add(ReadOnlySpan{byte}, long)"/>.</summary>
    public ReadOnlySpan<byte> Word(int index) => _bytes.AsSpan(_entries[index].Offset, _entries[index].Length);

    /// <summary>How often a word was seen.</summary>
    public long Occurrences(int index) => _entries[index].Count;

    /// <summary>Counts a word.</summary>
    /// <exception cref="InvalidOperationException">The distinct words exceed 2 GiB.</exception>
    public void Add(ReadOnlySpan<byte> word, long count) => Add(word, WordHash.Of(word), count);

    /// <summary>Counts every word of another table.</summary>
    /// <exception cref="InvalidOperationException">The distinct words exceed 2 GiB.</exception>
    public void Add(WordTable other)
    {
        for (int i = 0; i < other.Count; i++)
        {
            Add(other.Word(i), other._entries[i].Hash, other._entries[i].Count);
        }
    }

    private void Add(ReadOnlySpan<byte> word, uint hash, long count)
    {
        Total += count;
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (int index; (index = _slots[slot] - 1) >= 0; slot = (slot + 1) & mask)
        {
            ref Entry entry = ref _entries[index];
            if (
                entry.Hash == hash
                && entry.Length == word.Length
                && word.SequenceEqual(_bytes.AsSpan(entry.Offset, entry.Length))
            )
            {
                entry.Count += count;
                return;
            }
        }

        Insert(slot, word, hash, count);
    }

    private void Insert(int slot, ReadOnlySpan<byte> word, uint hash, long count)
    {
        if (_byteCount + (long)word.Length > _bytes.Length)
        {
            long size = Math.Min(Math.Max(_bytes.Length * 2L, _byteCount + (long)word.Length), Array.MaxLength);
            if (size < _byteCount + (long)word.Length)
            {
                throw new InvalidOperationException(
                    "the distinct words of the corpus exceed 2 GiB: "
                        + "train on fewer documents (spec.tokenizer.train.documents)"
                );
            }

            Array.Resize(ref _bytes, (int)size);
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        word.CopyTo(_bytes.AsSpan(_byteCount));
        _entries[Count] = new Entry(hash, _byteCount, word.Length, count);
        _byteCount += word.Length;
        Count++;
        _slots[slot] = Count;
        if (Count * 2 > _slots.Length)
        {
            GrowSlots();
        }
    }

    private void GrowSlots()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < Count; i++)
        {
            int slot = (int)_entries[i].Hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private record struct Entry(uint Hash, int Offset, int Length, long Count);
}
