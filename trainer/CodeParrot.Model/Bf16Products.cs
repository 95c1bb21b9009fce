using System.Runtime.Intrinsics.X86;
using CodeParrot.Model.Native;

namespace CodeParrot.Model;

/// <summary>
/// Whether this machine's processor multiplies bf16 matrices faster than fp32 ones. Told from what the processor is,
/// not timed: the answer decides what a run computes, and a busy moment must not.
/// </summary>
public static class Bf16Products
{
    /// <summary>
    /// True with AMX, on AMD with AVX512-BF16 (twice as fast), and on processors that are not x86, of which nothing is
    /// known. False on Intel without AMX, whose bf16 instruction runs at half the rate of fp32's (78 against 140
    /// GFLOP/s, docs/experiments.md), and where there is no such instruction.
    /// </summary>
    public static bool AreFast { get; } =
        !X86Base.IsSupported || AreFastOn(Processor.IsAmd, Processor.HasBf16Vectors, Processor.HasBf16Tiles);

    internal static bool AreFastOn(bool isAmd, bool hasVectors, bool hasTiles) => hasTiles || (isAmd && hasVectors);
}
