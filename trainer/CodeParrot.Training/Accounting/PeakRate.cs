using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Accounting;

/// <summary>What a rank's device could do at most.</summary>
/// <param name="OperationsPerSecond">Floating point operations a second.</param>
/// <param name="Source">Where the number comes from, for people.</param>
internal sealed record PeakRate(double OperationsPerSecond, string Source)
{
    /// <summary>The peak of the device that a model lives on; null where it is not known.</summary>
    /// <param name="device">The model's device.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    public static PeakRate? Of(TorchSharp.torch.Device device, Contract.Spec.Precision precision)
    {
        if (device.type == TorchSharp.DeviceType.CPU)
        {
            var reached = ProductSpeed.OperationsPerSecond(Precisions.Of(precision));
            return new PeakRate(reached, "a matrix product timed at start");
        }
        var name = CudaRuntime.Load().NameOf(device.index);
        var tensorFloat = TorchSharp.torch.backends.cuda.matmul.allow_tf32;
        return Contract.Estimate.DevicePeaks.Of(name, precision, tensorFloat) is { } peak
            ? new PeakRate(peak, $"{name}'s data sheet")
            : null;
    }
}
