using TorchSharp;

namespace CodeParrot.Model.Tests;

public class TorchLoadTests
{
    [Fact]
    public void Libtorch_loads_on_this_distribution_and_differentiates()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.ones(3, requires_grad: true);

        (x * x).sum().backward();

        Assert.Equal([2f, 2f, 2f], x.grad!.data<float>().ToArray());
    }
}
