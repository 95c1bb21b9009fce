namespace CodeParrot.Contract.Spec;

/// <summary>Number format of matrix products; weights and optimiser state are always fp32.</summary>
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>16-bit floats with dynamic loss scaling; slower than Fp32 on CPUs, which have no such units.</summary>
    Fp16,
}
