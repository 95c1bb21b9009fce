using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Tests.InProcess;

/// <summary>What a rank calls, as far as all ranks must agree on it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct InProcessCall(string Kind, int Length, int Root = 0)
{
    public override string ToString() => $"{Kind} of {Length} from root {Root}";
}
