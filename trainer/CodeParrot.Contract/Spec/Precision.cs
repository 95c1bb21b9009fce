namespace CodeParrot.Contract.Spec;

/// <summary>Number format of matrix products; weights and optimiser state are always fp32.</summary>
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>bfloat16.</summary>
    /// <remarks>
    /// At least: on CPUs that multiply bf16 slower than fp32 (all but Intel's with AMX and AMD's since Zen 4) products
    /// are computed in fp32, and the log says so.
    /// </remarks>
    Bf16,

    /// <summary>16-bit floats with dynamic loss scaling; slower than Fp32 on CPUs, which have no such units.</summary>
    Fp16,
}
