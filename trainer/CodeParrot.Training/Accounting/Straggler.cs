using System.Runtime.InteropServices;

namespace CodeParrot.Training.Accounting;

/// <summary>The rank that the others wait for.</summary>
/// <param name="Rank">Its index in the gang.</param>
/// <param name="Ratio">Its own computation over the median of all ranks; 1 where all are alike.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Straggler(int Rank, double Ratio);
