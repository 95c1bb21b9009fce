using TorchSharp;

namespace CodeParrot.Model.Tests;

public class ProductSpeedTests
{
    [Fact]
    public void It_is_a_positive_ratio_that_leaves_no_tensor_and_no_random_state_behind()
    {
        using var state = torch.random.get_rng_state();
        var tensors = torch.Tensor.TotalCount;

        var ratio = ProductSpeed.Bf16OverFp32();

        // What it is depends on the processor: 0.5 to 10 are known.
        Assert.InRange(ratio, 0.01, 100);
        Assert.Equal(tensors, torch.Tensor.TotalCount);
        using var after = torch.random.get_rng_state();
        using var same = state.eq(after).all();
        Assert.True(same.item<bool>());
    }
}
