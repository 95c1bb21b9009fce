using System.Runtime.Intrinsics.X86;

namespace CodeParrot.Model.Native;

/// <summary>What this machine's x86 processor says of itself (CPUID), and .NET does not ask.</summary>
internal static class Processor
{
    private const int Maker = 0;
    private const int Features = 7;

    /// <summary>Whether it is an AMD.</summary>
    public static bool IsAmd
    {
        get
        {
            // Leaf 0 spells the maker's name in ebx, edx, ecx: "AuthenticAMD".
            var (_, b, c, d) = Ask(Maker);
            return (b, d, c) == (0x68747541, 0x69746e65, 0x444d4163);
        }
    }

    /// <summary>Whether it multiplies tiles of bf16 (AMX-BF16), and the hypervisor shows it.</summary>
    public static bool HasBf16Tiles => (Ask(Features).Edx & (1 << 22)) != 0;

    /// <summary>Whether it multiplies vectors of bf16 (AVX512-BF16).</summary>
    public static bool HasBf16Vectors => (Ask(Features, 1).Eax & (1 << 5)) != 0;

    private static (int Eax, int Ebx, int Ecx, int Edx) Ask(int leaf, int subleaf = 0) =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= leaf ? X86Base.CpuId(leaf, subleaf) : default;
}
