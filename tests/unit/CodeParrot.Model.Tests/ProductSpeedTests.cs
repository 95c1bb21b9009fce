using TorchSharp;

namespace CodeParrot.Model.Tests;

public class ProductSpeedTests
{
    [Fact]
    public void It_is_a_rate_that_leaves_no_tensor_and_no_random_state_behind()
    {
        using var state = torch.random.get_rng_state();
        var tensors = torch.Tensor.TotalCount;

        var rate = ProductSpeed.OperationsPerSecond(Precision.Fp32);

        // From a busy core without vector units to a large server.
        Assert.InRange(rate, 1e7, 1e15);
        Assert.Equal(tensors, torch.Tensor.TotalCount);
        using var after = torch.random.get_rng_state();
        using var same = state.eq(after).all();
        Assert.True(same.item<bool>());
    }
}
