using System.Runtime.Intrinsics.X86;
using CodeParrot.Model.Native;

namespace CodeParrot.Model.Tests;

public class Bf16ProductsTests
{
    [Theory]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, true, true)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, false, false)]
    public void They_are_fast_on_amd_with_vectors_and_on_tiles(
        bool isAmd,
        bool hasVectors,
        bool hasTiles,
        bool expected
    ) => Assert.Equal(expected, Bf16Products.AreFastOn(isAmd, hasVectors, hasTiles));

    // The kernel asks the same processor.
    [Fact]
    public void The_processor_is_asked_for_what_the_kernel_finds()
    {
        Assert.SkipUnless(X86Base.IsSupported && OperatingSystem.IsLinux(), "an x86 with Linux's list of features");
        var lines = File.ReadAllLines("/proc/cpuinfo");
        var flags = lines.First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ');

        Assert.Equal(lines.Any(line => line.EndsWith("AuthenticAMD", StringComparison.Ordinal)), Processor.IsAmd);
        Assert.Equal(flags.Contains("avx512_bf16"), Processor.HasBf16Vectors);
        Assert.Equal(flags.Contains("amx_bf16"), Processor.HasBf16Tiles);
    }
}
