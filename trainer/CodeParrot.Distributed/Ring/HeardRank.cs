using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Ring;

/// <summary>What a rank that waits has said of itself.</summary>
/// <param name="Call">The collective it is in.</param>
/// <param name="WaitsFor">The neighbour that it waits for.</param>
/// <param name="Since">When something last moved there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeardRank(CollectiveCall Call, int WaitsFor, DateTimeOffset Since);
