using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Merges;

/// <summary>Finds the rank of a pair of tokens and the token it becomes. Read-only after construction.</summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that does not merge: worse than every rank.</summary>
    public const int NoMerge = int.MaxValue;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <summary>A table of merges, whose positions are their ranks. A repeated pair keeps its last rank.</summary>
    public MergeTable(IReadOnlyList<Merge> merges)
    {
        int bits = 4;
        while ((1L << bits) < merges.Count * 2L)
        {
            bits++;
        }

        _slots = new Slot[1 << bits];
        Array.Fill(_slots, new Slot(ulong.MaxValue, NoMerge, -1));
        _shift = 64 - bits;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            Merge merge = merges[rank];
            ulong key = Key(merge.Left, merge.Right);
            _slots[Find(key)] = new Slot(key, rank, merge.Id);
        }
    }

    /// <summary>The rank of a pair, or <see cref="NoMerge"/>; and its token.</summary>
    public int Rank(int left, int right, out int id)
    {
        ref readonly Slot slot = ref _slots[Find(Key(left, right))];
        id = slot.Id;
        return slot.Rank;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private int Find(ulong key)
    {
        int mask = _slots.Length - 1;
        int slot = (int)((key * 0x9E37_79B9_7F4A_7C15) >> _shift);
        while (_slots[slot].Key != key && _slots[slot].Key != ulong.MaxValue)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(ulong Key, int Rank, int Id);
}
