using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Native;

public class LibTorchTests
{
    [Fact]
    public void The_self_test_accepts_the_libtorch_that_the_project_names()
    {
        LibTorch.Verify();

        Assert.Equal(0x020a, LibTorch.AbiVersion);
    }

    [Fact]
    public void A_span_begins_at_the_view_not_at_its_storage()
    {
        using var values = torch.arange(10, dtype: torch.ScalarType.Int64);
        using var tail = values.narrow(0, 4, 6);

        Assert.Equal([6L, 7L], LibTorch.Span<long>(tail, 2, 2).ToArray());
    }

    [Fact]
    public void A_span_never_leaves_its_tensor()
    {
        using var values = torch.zeros(4);
        using var column = torch.zeros(4, 4).narrow(1, 0, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => LibTorch.Span<float>(values, 1, 4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => LibTorch.Span<float>(values, -1, 1).Length);
        Assert.Throws<ArgumentException>(() => LibTorch.Span<long>(values, 0, 1).Length);
        Assert.Throws<ArgumentException>(() => LibTorch.Span<float>(column, 0, 1).Length);
    }

    [Fact]
    public unsafe void A_tensor_over_foreign_memory_shares_it()
    {
        var memory = stackalloc float[6];

        using var tensor = LibTorch.FromMemory((nint)memory, [2, 3], torch.ScalarType.Float32);
        tensor[1, 0] = 7;

        Assert.Equal(7, memory[3]);
    }
}
