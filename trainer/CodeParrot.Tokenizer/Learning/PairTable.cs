namespace CodeParrot.Tokenizer.Learning;

/// <summary>Pairs of neighbouring tokens with their counts and the places where they occur.</summary>
internal sealed class PairTable
{
    private int[] _slots = new int[1 << 11];
    private Pair[] _pairs = new Pair[1 << 10];
    private int _shift = 64 - 11;

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>A pair by its number; valid until the next <see cref="GetOrAdd"/>.</summary>
    public ref Pair this[int index] => ref _pairs[index];

    /// <summary>The key of a pair; keys are ordered as the pairs are: by left token, then by right.</summary>
    public static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>The number of a pair, or -1.</summary>
    public int Find(ulong key) => _slots[Slot(key)] - 1;

    /// <summary>The number of a pair, which is added if it is new.</summary>
    public int GetOrAdd(ulong key)
    {
        int slot = Slot(key);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        if (Count == _pairs.Length)
        {
            Array.Resize(ref _pairs, Count * 2);
        }

        _pairs[Count] = new Pair { Key = key };
        Count++;
        _slots[slot] = Count;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        _shift--;
        for (int i = 0; i < Count; i++)
        {
            _slots[Slot(_pairs[i].Key)] = i + 1;
        }
    }

    private int Slot(ulong key)
    {
        int mask = _slots.Length - 1;
        int slot = (int)((key * 0x9E37_79B9_7F4A_7C15) >> _shift);
        while (_slots[slot] != 0 && _pairs[_slots[slot] - 1].Key != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
