using TorchSharp;

namespace CodeParrot.Training.Stepping;

/// <summary>The spec's number formats as the model knows them.</summary>
internal static class Precisions
{
    /// <summary>
    /// Sets for the whole process whether GPUs may compute fp32 products as TF32, in cuBLAS and cuDNN alike.
    /// </summary>
    public static void AllowTf32(bool allowed)
    {
        torch.backends.cuda.matmul.allow_tf32 = allowed;
        torch.backends.cudnn.allow_tf32 = allowed;
    }

    /// <summary>
    /// Returns the format that products are computed in: the spec's, or fp32 where bf16 is asked for and the processor
    /// is slower at it. Fp32 does all that bf16 does, and rounds less.
    /// </summary>
    public static Contract.Spec.Precision ComputedOf(TrainingContext context)
    {
        var asked = context.Manifest.Spec.Training.Precision;
        var isFast = context.CudaDevice is not null || (context.HasFastBf16 ?? Model.Bf16Products.AreFast);
        return asked == Contract.Spec.Precision.Bf16 && !isFast ? Contract.Spec.Precision.Fp32 : asked;
    }

    /// <summary>Returns the model's name of a format.</summary>
    public static Model.Precision Of(Contract.Spec.Precision precision) =>
        precision switch
        {
            Contract.Spec.Precision.Bf16 => Model.Precision.Bf16,
            Contract.Spec.Precision.Fp16 => Model.Precision.Fp16,
            Contract.Spec.Precision.Fp32 => Model.Precision.Fp32,
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "use a format of the spec"),
        };
}
