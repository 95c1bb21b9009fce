using System.Runtime.InteropServices;
using CodeParrot.Contract.Runtime;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Memory;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Memory;

public class AllocationFailureTests
{
    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 39.39 GiB", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you", true)]
    [InlineData("std::bad_alloc", true)]
    [InlineData("CUDA error: out of memory", true)]
    [InlineData("CUDA error: an illegal memory access was encountered", false)]
    [InlineData("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", false)]
    public void Knows_a_failed_allocation_by_libtorchs_words(string said, bool isOne)
    {
        var failure = new ExternalException(said);

        Assert.Equal(isOne, AllocationFailure.Is(failure));
        Assert.Equal(isOne, ExitCodes.Of(failure) == ExitCode.OutOfGpuMemory);
    }

    [Fact]
    public void Words_of_others_are_not_libtorchs()
    {
        Assert.False(AllocationFailure.Is(new InvalidOperationException("out of memory")));
        Assert.True(AllocationFailure.Is(new OutOfMemoryException()));
    }

    [Fact]
    public async Task A_rank_without_enough_memory_ends_with_41_and_says_what_would_fit()
    {
        using var run = new TestRun();

        var (exitCode, said) = await StarvedRank.StartAsync(run);

        Assert.True(exitCode == (int)ExitCode.OutOfGpuMemory, $"{exitCode}: {said}");
        Assert.Contains("out of memory: a rank needs about", said);
        // One block has nothing to recompute that is not needed at once.
        Assert.DoesNotContain("training.gradientCheckpointing", said);
        Assert.Contains("training.precision: Bf16: about", said);
        Assert.Contains("batchSize 1 with gradientAccumulation 1048576", said);
        Assert.Contains("can't allocate memory", said);
    }
}
