namespace CodeParrot.Distributed.Cuda;

/// <summary>
/// The GPU reports a fault after which this process cannot use it any more. The trainer exits with code 44 on it, and
/// the operator tries another node.
/// </summary>
public sealed class GpuFaultException : CudaException
{
    // cudaErrorDevicesUnavailable, ECCUncorrectable, NvlinkUncorrectable, Contained, IllegalAddress, LaunchTimeout,
    // HardwareStackError, IllegalInstruction, MisalignedAddress, InvalidAddressSpace, InvalidPc, LaunchFailure,
    // Unknown: the context is lost with each of them.
    private static readonly int[] Faults = [46, 214, 220, 226, 700, 702, 714, 715, 716, 717, 718, 719, 999];

    /// <summary>States the call that met the fault, and what CUDA says of it.</summary>
    public GpuFaultException(string call, int code, string text)
        : base(call, code, $"the GPU reports a fault: {text}") { }

    /// <summary>Whether a <c>cudaError_t</c> is a fault of the device and not of a call's arguments.</summary>
    public static bool IsFault(int code) => Faults.Contains(code);
}
