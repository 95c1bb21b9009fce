using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Training.Devices;

/// <summary>Where a rank computes: one GPU of its own where the build knows CUDA and there are GPUs, else the
/// CPU.</summary>
/// <param name="CudaDevice">Index of the GPU; null computes on the CPU.</param>
/// <param name="Warning">What a person may have meant otherwise; null for nothing.</param>
public sealed record DeviceChoice(int? CudaDevice, string? Warning = null)
{
    private const string Cpu = "cpu";
    private const string Cuda = "cuda";
    private const string GpuLimit = "spec.workers.resources.limits[nvidia.com/gpu]";

    /// <summary>Chooses.</summary>
    /// <exception cref="ManifestException">GPUs are wanted that are not there; the message says what to
    /// change.</exception>
    public static DeviceChoice Of(DeviceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.Override switch
        {
            Cpu => new DeviceChoice(CudaDevice: null),
            Cuda => OnGpu(facts, isForced: true),
            null => OnGpu(facts, isForced: false),
            _ => throw Mistake(EnvironmentNames.Device, $"must be cpu or cuda, was '{facts.Override}'"),
        };
    }

    private static DeviceChoice OnGpu(DeviceFacts facts, bool isForced)
    {
        if (!facts.IsCudaBuild)
        {
            const string Remedy =
                "this build computes on the CPU: use the GPU image, or build with -p:TorchBackend=cuda";
            if (isForced)
            {
                throw Mistake(EnvironmentNames.Device, $"is cuda, but {Remedy}");
            }
            return new DeviceChoice(
                CudaDevice: null,
                facts.RequestsGpus ? $"{GpuLimit} asks for GPUs, but {Remedy}" : null
            );
        }
        if (facts.VisibleDevices == 0)
        {
            if (isForced || facts.RequestsGpus)
            {
                throw Mistake(
                    isForced ? EnvironmentNames.Device : GpuLimit,
                    "asks for a GPU, and the process sees none; install NVIDIA's driver and device plugin on the node, "
                        + $"or set {EnvironmentNames.Device}=cpu"
                );
            }
            return new DeviceChoice(CudaDevice: null, "there is no GPU: training on the CPU, with the GPU build");
        }
        if (facts.LocalWorldSize > facts.VisibleDevices)
        {
            throw Mistake(
                "spec.workers.gpusPerPod",
                $"must be at most the GPUs that the pod sees ({facts.VisibleDevices}), was {facts.LocalWorldSize}; "
                    + $"lower it, or raise {GpuLimit}"
            );
        }
        // A pod sees its own GPUs, and this is LOCAL_RANK. Pods that are processes of one machine all see the same
        // ones, and this spreads them.
        return new DeviceChoice(facts.Rank % facts.VisibleDevices);
    }

    private static ManifestException Mistake(string path, string message) =>
        new("run.yaml", [new SpecMistake(path, message)]);
}
