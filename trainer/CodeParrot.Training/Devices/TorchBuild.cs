using System.Reflection;
using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Training.Devices;

/// <summary>Which libtorch this program was built with, and what it sees.</summary>
public static class TorchBuild
{
    /// <summary>Whether the build was made with <c>-p:TorchBackend=cuda</c>.</summary>
    public static bool IsCuda { get; } =
        typeof(Gpt2)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Any(a => a is { Key: "TorchBackend", Value: "cuda" });

    /// <summary>
    /// GPUs that the process sees. Only the CUDA build asks: another would look for libraries that it does not have.
    /// </summary>
    public static int VisibleDevices => IsCuda && torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}
