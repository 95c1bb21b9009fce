using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace CodeParrot.Model.Tests;

public class ChunkedCrossEntropyTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(8)]
    [InlineData(7)]
    public void Chunks_of_any_size_equal_autograd_over_all_logits(long chunkRows)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = torch.randn(24, 12).requires_grad_(true);
        var head = torch.randn(50, 12).requires_grad_(true);
        var targets = torch.arange(24, dtype: torch.ScalarType.Int64);
        var expected = F.cross_entropy(hidden.matmul(head.t()), targets, reduction: torch.nn.Reduction.Sum);
        (expected * 0.5).backward();
        var headGradient = torch.ones(50, 12);
        using var workspace = new HeadWorkspace(vocabulary: 50) { ChunkRows = chunkRows };

        var (sum, hiddenGradient) = ChunkedCrossEntropy.ForwardBackward(
            hidden.detach(),
            head.detach(),
            headGradient,
            targets,
            0.5,
            torch.ScalarType.Float32,
            workspace
        );

        Assert.Equal(expected.item<float>(), sum.item<double>(), 1e-3);
        Assert.True(hiddenGradient.allclose(hidden.grad!, rtol: 1e-4, atol: 1e-5));
        Assert.True(headGradient.allclose(head.grad! + 1, rtol: 1e-4, atol: 1e-5));
        var type = torch.ScalarType.Float32;
        var alone = ChunkedCrossEntropy.LossSum(hidden, head, targets, type, workspace);
        Assert.Equal(sum.item<double>(), alone.item<double>(), 1e-4);
    }
}
