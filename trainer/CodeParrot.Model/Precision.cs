namespace CodeParrot.Model;

/// <summary>
/// Number format of the matrix products; parameters, gradients, the residual stream and the loss stay fp32.
/// </summary>
public enum Precision
{
    /// <summary>Everything in 32-bit floats.</summary>
    Fp32,

    /// <summary>Matrix products, GELU and attention in bfloat16; no loss scaling is needed.</summary>
    Bf16,

    /// <summary>
    /// The same in float16, whose small gradients vanish: the caller's scale must lift them (some 65,536 times), and an
    /// overflow shows as infinities or NaN among the gradients. Slow on CPUs.
    /// </summary>
    Fp16,
}
