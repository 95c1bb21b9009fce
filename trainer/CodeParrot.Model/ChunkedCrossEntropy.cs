using CodeParrot.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// N rows (tokens), C channels, V vocabulary

/// <summary>
/// Output head and cross-entropy in one, a slice of rows at a time: the logits of a whole batch (1.5 GiB at 12 x 1024
/// tokens) never exist at once. The gradient is written by hand, softmax minus one-hot, in the logits' own place, so
/// nothing is kept for autograd.
/// </summary>
internal static class ChunkedCrossEntropy
{
    /// <summary>
    /// Sum of the losses of all rows, fp64 [1] on the rows' device. Reading it would wait for a GPU, so that is left to
    /// the caller, who disposes it.
    /// </summary>
    public static Tensor LossSum(
        Tensor hidden_NC,
        Tensor head_VC,
        Tensor targets_N,
        ScalarType type,
        HeadWorkspace workspace
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var head = head_VC.to(type);
        var total = zeros(1, ScalarType.Float64, hidden_NC.device);
        foreach (var (start, count) in workspace.Chunks(hidden_NC.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var targets_N1 = targets_N.narrow(0, start, count).unsqueeze(1);
            Softmax(hidden_NC.narrow(0, start, count).to(type), head, targets_N1, total, workspace);
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
        HeadWorkspace workspace
    )
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var head = head_VC.to(type);
        var total = zeros(1, ScalarType.Float64, hidden_NC.device);
        var hiddenGradient_NC = empty_like(hidden_NC);
        using Scalar factor = (float)scale;
        foreach (var (start, count) in workspace.Chunks(hidden_NC.shape[0]))
        {
            using var chunk = NewDisposeScope();
            var rows_NC = hidden_NC.narrow(0, start, count).to(type);
            var targets_N1 = targets_N.narrow(0, start, count).unsqueeze(1);
            var gradient_NV = Softmax(rows_NC, head, targets_N1, total, workspace);
            var minusOne_N1 = empty(count, 1, device: hidden_NC.device).fill_(LastingScalar.MinusOne);
            gradient_NV.scatter_add_(1, targets_N1, minusOne_N1);
            var hiddenRows_NC = hiddenGradient_NC.narrow(0, start, count);
            if (type == ScalarType.Float32)
            {
                hiddenRows_NC.copy_(gradient_NV.matmul(head)).mul_(factor);
                headGradient_VC.addmm_(gradient_NV.t(), rows_NC, beta: 1, alpha: (float)scale);
                continue;
            }

            // fp16 loses what is small, so the caller's loss scale must lift the probabilities before the cast; whether
            // the products overflow is up to that scale too. bf16 has room: scaling the fewer values behind is cheaper.
            var isFp16 = type == ScalarType.Float16;
            var narrow_NV = workspace.Logits(count, type, hidden_NC.device);
            narrow_NV.copy_(isFp16 ? gradient_NV.mul_(factor) : gradient_NV);
            var after = isFp16 ? LastingScalar.One : factor;
            hiddenRows_NC.copy_(narrow_NV.matmul(head)).mul_(after);
            headGradient_VC.add_(narrow_NV.t().matmul(rows_NC), alpha: after);
        }

        return (total.MoveToOuterDisposeScope(), hiddenGradient_NC.MoveToOuterDisposeScope());
    }

    // The probabilities of a chunk in fp32, in the workspace's memory; adds the losses to the total.
    private static Tensor Softmax(
        Tensor rows_NC,
        Tensor head_VC,
        Tensor targets_N1,
        Tensor total,
        HeadWorkspace workspace
    )
    {
        using var scope = NewDisposeScope();
        var logits_NV = workspace.Logits(rows_NC.shape[0], ScalarType.Float32, rows_NC.device);
        if (rows_NC.dtype == ScalarType.Float32)
        {
            // With beta 0 the product takes the place of what was there, even of NaN.
            logits_NV.addmm_(rows_NC, head_VC.t(), beta: 0, alpha: 1);
        }
        else
        {
            logits_NV.copy_(rows_NC.matmul(head_VC.t()));
        }

        // Loss = log of the sum of exp(logit - greatest), minus that of the target.
        logits_NV.add_(logits_NV.amax([1], keepdim: true), LastingScalar.MinusOne);
        var targetLogits_N1 = logits_NV.gather(1, targets_N1);
        var sums_N1 = logits_NV.exp_().sum([1], keepdim: true);
        total.add_(sums_N1.log().sum(ScalarType.Float64), LastingScalar.One);
        total.add_(targetLogits_N1.sum(ScalarType.Float64), LastingScalar.MinusOne);
        return logits_NV.div_(sums_N1).MoveToOuterDisposeScope();
    }
}
