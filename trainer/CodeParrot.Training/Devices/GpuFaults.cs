using System.Runtime.InteropServices;
using CodeParrot.Distributed.Cuda;

namespace CodeParrot.Training.Devices;

/// <summary>Tells a broken GPU from a broken program, also where torch reports it, which has no type for it.</summary>
internal static class GpuFaults
{
    private const string CudaError = "CUDA error: ";

    // What CUDA says of the errors that GpuFaultException counts as faults. "device-side assert" is not among them: it
    // is an index out of range, on every node alike.
    private static readonly string[] Texts =
    [
        "an illegal memory access was encountered",
        "an illegal instruction was encountered",
        "busy or unavailable",
        "hardware stack error",
        "invalid program counter",
        "misaligned address",
        "the launch timed out and was terminated",
        "uncorrectable ECC error",
        "uncorrectable NVLink error",
        "unknown error",
        "unspecified launch failure",
    ];

    /// <summary>Whether a failure says that the GPU is broken.</summary>
    public static bool IsFault(Exception failure) =>
        failure is GpuFaultException
        || (
            failure is ExternalException
            && failure.Message.IndexOf(CudaError, StringComparison.Ordinal) is >= 0 and var start
            && Texts.Any(text => failure.Message.IndexOf(text, start, StringComparison.Ordinal) >= 0)
        );
}
