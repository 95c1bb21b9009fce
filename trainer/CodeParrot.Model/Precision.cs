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
}
