using CodeParrot.Model.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CodeParrot.Model;

// N rows (tokens), C channels, V vocabulary

/// <summary>
/// Output head and cross-entropy in one, a slice of rows at a time: the logits of a whole batch (1.5 GiB at 12 x 1024
/// tokens) never exist at once. The gradient is written by hand, softmax minus one-hot, so nothing is kept for
/// autograd.
/// </summary>
internal static class ChunkedCrossEntropy
{
    // A chunk's logits take 64 MiB in fp32: large enough for the matrix product, small beside the activations of a
    // block.
    private const long ChunkBytes = 64 << 20;

    /// <summary>
    /// Sum of the losses of all rows, fp64 [1] on the rows' device. Reading it would wait for a GPU, so that is left to
    /// the caller, who disposes it.
    /// </summary>
    public static Tensor LossSum(
        Tensor hidden_NC,
        Tensor head_VC,
        Tensor targets_N,
        ScalarType type,
        long? chunkRows = null
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var head = head_VC.to(type);
        var total = zeros(1, ScalarType.Float64, hidden_NC.device);
        foreach (var (start, count) in Chunks(hidden_NC.shape[0], chunkRows ?? RowsPerChunk(head_VC.shape[0])))
        {
            using var chunk = NewDisposeScope();
            var logProbabilities_NV = LogSoftmax(hidden_NC.narrow(0, start, count).to(type), head);
            var targets_N1 = targets_N.narrow(0, start, count).unsqueeze(1);
            total.add_(logProbabilities_NV.gather(1, targets_N1).sum(ScalarType.Float64), LastingScalar.MinusOne);
        }

        return total.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same sum, and the gradient of <paramref name="scale"/> times it: added to
    /// <paramref name="headGradient_VC"/>, and returned for the hidden rows. The caller disposes both.
    /// </summary>
    public static (Tensor LossSum, Tensor HiddenGradient_NC) ForwardBackward(
        Tensor hidden_NC,
        Tensor head_VC,
        Tensor headGradient_VC,
        Tensor targets_N,
        double scale,
        ScalarType type,
        long? chunkRows = null
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var head = head_VC.to(type);
        var total = zeros(1, ScalarType.Float64, hidden_NC.device);
        var hiddenGradient_NC = empty_like(hidden_NC);
        using Scalar factor = (float)scale;
        foreach (var (start, count) in Chunks(hidden_NC.shape[0], chunkRows ?? RowsPerChunk(head_VC.shape[0])))
        {
            using var chunk = NewDisposeScope();
            var rows_NC = hidden_NC.narrow(0, start, count).to(type);
            var targets_N1 = targets_N.narrow(0, start, count).unsqueeze(1);
            var gradient_NV = LogSoftmax(rows_NC, head);
            total.add_(gradient_NV.gather(1, targets_N1).sum(ScalarType.Float64), LastingScalar.MinusOne);

            gradient_NV.exp_();
            var minusOne_N1 = empty(count, 1, device: hidden_NC.device).fill_(LastingScalar.MinusOne);
            gradient_NV.scatter_add_(1, targets_N1, minusOne_N1);
            if (type == ScalarType.Float16)
            {
                // fp16 loses what is small, so the caller's loss scale must lift the probabilities before the cast;
                // whether the products overflow is up to that scale too.
                var scaled_NV = gradient_NV.mul_(factor).to(type);
                hiddenGradient_NC.narrow(0, start, count).copy_(scaled_NV.matmul(head));
                headGradient_VC.add_(scaled_NV.t().matmul(rows_NC), alpha: LastingScalar.One);
                continue;
            }

            var narrow_NV = gradient_NV.to(type);
            // Otherwise the scale goes on after the products: one pass over fewer values.
            hiddenGradient_NC.narrow(0, start, count).copy_(narrow_NV.matmul(head)).mul_(factor);
            if (type == ScalarType.Float32)
            {
                headGradient_VC.addmm_(narrow_NV.t(), rows_NC, beta: 1, alpha: (float)scale);
            }
            else
            {
                headGradient_VC.add_(narrow_NV.t().matmul(rows_NC), alpha: factor);
            }
        }

        return (total.MoveToOuterDisposeScope(), hiddenGradient_NC.MoveToOuterDisposeScope());
    }

    private static Tensor LogSoftmax(Tensor rows_NC, Tensor head_VC)
    {
        using var scope = NewDisposeScope();
        var logits_NV = rows_NC.matmul(head_VC.t()).to(ScalarType.Float32);
        return F.log_softmax(logits_NV, 1).MoveToOuterDisposeScope();
    }

    private static long RowsPerChunk(long vocabulary) => Math.Max(64, ChunkBytes / (vocabulary * sizeof(float)));

    private static IEnumerable<(long Start, long Count)> Chunks(long rows, long size)
    {
        for (var start = 0L; start < rows; start += size)
        {
            yield return (start, Math.Min(size, rows - start));
        }
    }
}
