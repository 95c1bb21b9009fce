using TorchSharp;

namespace CodeParrot.Training.Stepping;

/// <summary>The spec's number formats as the model knows them.</summary>
internal static class Precisions
{
    // Measured on a machine that does other things too: less than this may be noise.
    private const double WorthAWord = 1.2;

    /// <summary>
    /// Sets for the whole process whether GPUs may compute fp32 products as TF32, in cuBLAS and cuDNN alike.
    /// </summary>
    public static void AllowTf32(bool allowed)
    {
        torch.backends.cuda.matmul.allow_tf32 = allowed;
        torch.backends.cudnn.allow_tf32 = allowed;
    }

    /// <summary>
    /// Returns how much slower a format's products are than those of fp32 where the model computes, or null where they
    /// are not: a CPU without instructions for bf16 that are worth it.
    /// </summary>
    public static double? SlowdownOf(Contract.Spec.Precision precision, Model.Gpt2 model)
    {
        if (precision != Contract.Spec.Precision.Bf16 || model.Parameters.device_type != DeviceType.CPU)
        {
            return null;
        }
        var slowdown = 1 / Model.ProductSpeed.Bf16OverFp32();
        return slowdown > WorthAWord ? slowdown : null;
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
