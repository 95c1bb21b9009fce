using System.Runtime.InteropServices;

namespace CodeParrot.Tokenizer.Learning;

/// <summary>Two neighbouring tokens: how often they occur, and where.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Pair
{
    /// <summary>Both ids, as <see cref="PairTable.Key"/> packs them.</summary>
    public ulong Key;

    /// <summary>Occurrences in the corpus: every neighbourhood counts, overlapping ones too.</summary>
    public long Count;

    /// <summary>First of its places in the list of places.</summary>
    public int Start;

    /// <summary>Number of its places; some of them may no longer hold the pair.</summary>
    public int Length;

    /// <summary>The left token.</summary>
    public readonly int Left => (int)(Key >> 32);

    /// <summary>The right token.</summary>
    public readonly int Right => (int)(uint)Key;
}
