using CodeParrot.Model.Native;
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
    /// Adds the losses of all rows to <paramref name="total"/>, fp64 [1] on the rows' device. Reading it would wait for
    /// a GPU, so that is left to the caller.
    /// </summary>
    public static void Loss(
        NativeTensor hidden_NC,
        NativeTensor head_VC,
        NativeTensor targets_N,
        NativeTensor total,
        ScalarType type,
        HeadWorkspace workspace
    )
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var (head, rows) = (head_VC.To(type), hidden_NC.Size(0));
        for (var start = 0L; start < rows; start += workspace.ChunkRows)
        {
            using var chunk = TensorScope.Open();
            var count = Math.Min(workspace.ChunkRows, rows - start);
            var targets_N1 = targets_N.Narrow(0, start, count).Unsqueeze(1);
            Softmax(hidden_NC.Narrow(0, start, count).To(type), head, targets_N1, total, workspace);
        }
    }

    /// <summary>
    /// The same, and the gradient of <paramref name="scale"/> times the sum: added to
    /// <paramref name="headGradient_VC"/>, and returned for the hidden rows, in the caller's scope.
    /// </summary>
    public static NativeTensor ForwardBackward(
        NativeTensor hidden_NC,
        NativeTensor head_VC,
        NativeTensor headGradient_VC,
        NativeTensor targets_N,
        NativeTensor total,
        double scale,
        ScalarType type,
        HeadWorkspace workspace
    )
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var (head, rows) = (head_VC.To(type), hidden_NC.Size(0));
        var hiddenGradient_NC = hidden_NC.NewEmpty(hidden_NC.Type, rows, hidden_NC.Size(1));
        using var factor = NativeScalar.Of((float)scale);
        for (var start = 0L; start < rows; start += workspace.ChunkRows)
        {
            using var chunk = TensorScope.Open();
            var count = Math.Min(workspace.ChunkRows, rows - start);
            var rows_NC = hidden_NC.Narrow(0, start, count).To(type);
            var targets_N1 = targets_N.Narrow(0, start, count).Unsqueeze(1);
            var gradient_NV = Softmax(rows_NC, head, targets_N1, total, workspace);
            var minusOne_N1 = hidden_NC.NewEmpty(ScalarType.Float32, count, 1).Fill_(NativeScalar.MinusOne);
            gradient_NV.ScatterAdd_(1, targets_N1, minusOne_N1);
            var hiddenRows_NC = hiddenGradient_NC.Narrow(0, start, count);
            if (type == ScalarType.Float32)
            {
                hiddenRows_NC.Copy_(gradient_NV.MatMul(head)).Multiply_(factor);
                headGradient_VC.AddMm_(gradient_NV.Transpose(), rows_NC, beta: 1, alpha: (float)scale);
                continue;
            }

            // fp16 loses what is small, so the caller's loss scale must lift the probabilities before the cast; whether
            // the products overflow is up to that scale too. bf16 has room: scaling the fewer values behind is cheaper.
            var isFp16 = type == ScalarType.Float16;
            var narrow_NV = workspace.Logits(rows_NC, type);
            narrow_NV.Copy_(isFp16 ? gradient_NV.Multiply_(factor) : gradient_NV);
            var after = isFp16 ? NativeScalar.One : factor;
            hiddenRows_NC.Copy_(narrow_NV.MatMul(head)).Multiply_(after);
            headGradient_VC.Add_(narrow_NV.Transpose().MatMul(rows_NC), after);
        }

        return hiddenGradient_NC.MoveToOuterScope();
    }

    // The probabilities of a chunk in fp32, in the workspace's memory; adds the losses to the total.
    private static NativeTensor Softmax(
        NativeTensor rows_NC,
        NativeTensor head_VC,
        NativeTensor targets_N1,
        NativeTensor total,
        HeadWorkspace workspace
    )
    {
        using var scope = TensorScope.Open();
        var logits_NV = workspace.Logits(rows_NC, ScalarType.Float32);
        if (rows_NC.Type == ScalarType.Float32)
        {
            logits_NV.AddMm_(rows_NC, head_VC.Transpose(), beta: 0, alpha: 1);
        }
        else
        {
            logits_NV.Copy_(rows_NC.MatMul(head_VC.Transpose()));
        }

        // Loss = log of the sum of exp(logit - greatest), minus that of the target.
        logits_NV.Subtract_(logits_NV.Greatest(1));
        var targetLogits_N1 = logits_NV.Gather(1, targets_N1);
        var sums_N1 = logits_NV.Exp_().Sum(1, keep: true);
        total.Add_(sums_N1.Log().Sum(ScalarType.Float64));
        total.Subtract_(targetLogits_N1.Sum(ScalarType.Float64));
        return logits_NV.Divide_(sums_N1).MoveToOuterScope();
    }
}
