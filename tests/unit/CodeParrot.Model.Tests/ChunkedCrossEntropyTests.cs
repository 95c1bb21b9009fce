using CodeParrot.Model.Native;
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
        using var native = TensorScope.Open();
        using var workspace = new HeadWorkspace(vocabulary: 50) { ChunkRows = chunkRows };
        var (rows_NC, head_VC) = (NativeTensor.Share(hidden).Detach(), NativeTensor.Share(head).Detach());
        var targets_N = NativeTensor.Share(targets);
        var (sum, alone) = (rows_NC.NewZeros(torch.float64, 1), rows_NC.NewZeros(torch.float64, 1));

        var gradient_NC = ChunkedCrossEntropy.ForwardBackward(
            rows_NC,
            head_VC,
            NativeTensor.Share(headGradient),
            targets_N,
            sum,
            0.5,
            torch.float32,
            workspace
        );

        var loss = HostRead.ValueOf(sum);
        Assert.Equal(expected.item<float>(), loss, 1e-3);
        Assert.True(gradient_NC.ToTensor().allclose(hidden.grad!, rtol: 1e-4, atol: 1e-5));
        Assert.True(headGradient.allclose(head.grad! + 1, rtol: 1e-4, atol: 1e-5));
        ChunkedCrossEntropy.Loss(rows_NC, head_VC, targets_N, alone, torch.float32, workspace);
        Assert.Equal(loss, HostRead.ValueOf(alone), 1e-4);
    }
}
