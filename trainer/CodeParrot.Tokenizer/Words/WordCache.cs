using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Words;

/// <summary>
/// Remembers the tokens of words. When it is full it forgets everything: frequent words are back after a few
/// documents, and no bookkeeping of ages is needed. Not for several threads at once.
/// </summary>
/// <param name="capacity">Most words remembered; 0 remembers none.</param>
internal sealed class WordCache(int capacity)
{
    // Longer words are rare and seldom repeat.
    private const int MaxWordBytes = 128;

    private int[] _slots = new int[1 << 10];
    private Entry[] _entries = new Entry[Math.Min(capacity, 1 << 9)];
    private byte[] _bytes = new byte[1 << 12];
    private int[] _ids = new int[1 << 11];
    private int _count;
    private int _byteCount;
    private int _idCount;

    /// <summary>Looks a word up.</summary>
    /// <param name="word">The word's bytes.</param>
    /// <param name="hash">Its <see cref="WordHash"/>.</param>
    /// <param name="ids">Its tokens; valid until the next <see cref="Add"/>.</param>
    public bool TryGet(ReadOnlySpan<byte> word, uint hash, out ReadOnlySpan<int> ids)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (int index; (index = _slots[slot] - 1) >= 0; slot = (slot + 1) & mask)
        {
            ref readonly Entry entry = ref _entries[index];
            if (
                entry.Hash == hash
                && entry.Length == word.Length
                && word.SequenceEqual(_bytes.AsSpan(entry.Offset, entry.Length))
            )
            {
                ids = _ids.AsSpan(entry.FirstId, entry.IdCount);
                return true;
            }
        }

        ids = default;
        return false;
    }

    /// <summary>Remembers a word that <see cref="TryGet"/> did not find.</summary>
    public void Add(ReadOnlySpan<byte> word, uint hash, ReadOnlySpan<int> ids)
    {
        if (capacity == 0 || word.Length > MaxWordBytes)
        {
            return;
        }

        if (_count == capacity)
        {
            _count = _byteCount = _idCount = 0;
            Array.Clear(_slots);
        }

        Reserve(ref _entries, _count + 1);
        Reserve(ref _bytes, _byteCount + word.Length);
        Reserve(ref _ids, _idCount + ids.Length);
        word.CopyTo(_bytes.AsSpan(_byteCount));
        ids.CopyTo(_ids.AsSpan(_idCount));
        _entries[_count] = new Entry(hash, _byteCount, word.Length, _idCount, ids.Length);
        _byteCount += word.Length;
        _idCount += ids.Length;
        _count++;
        if (_count * 2 > _slots.Length)
        {
            _slots = new int[_slots.Length * 2];
            for (int i = 0; i < _count - 1; i++)
            {
                Link(i);
            }
        }

        Link(_count - 1);
    }

    private static void Reserve<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            Array.Resize(ref array, Math.Max(count, array.Length * 2));
        }
    }

    private void Link(int index)
    {
        int mask = _slots.Length - 1;
        int slot = (int)_entries[index].Hash & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = index + 1;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(uint Hash, int Offset, int Length, int FirstId, int IdCount);
}
