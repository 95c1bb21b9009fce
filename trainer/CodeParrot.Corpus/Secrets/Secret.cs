using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Secrets;

/// <summary>Where a secret stands in a text.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Length">Its characters.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsRest">True for a further piece of the secret before it: it is removed, and not counted.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Secret(int Start, int Length, SecretKind Kind, bool IsRest = false)
{
    /// <summary>Gets where the text goes on.</summary>
    public int End => Start + Length;
}
