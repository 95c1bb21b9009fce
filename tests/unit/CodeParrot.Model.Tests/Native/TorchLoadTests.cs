using TorchSharp;

namespace CodeParrot.Model.Tests.Native;

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

    [Fact]
    public void The_native_library_beside_the_program_asks_for_nothing_newer_than_debian_12_has()
    {
        // On a newer distribution the unpatched library loads too, so loading alone would prove nothing there.
        var files = Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories);

        var image = File.ReadAllBytes(Assert.Single(files));
        Assert.True(image.AsSpan().IndexOf("\0GLIBCXX_3.4.32\0"u8) < 0);
    }
}
