using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>torch's own generators of random numbers, which its dropout draws from.</summary>
internal static class NativeRandom
{
    /// <summary>Starts the generator of the CPU, and where tensors lie on a GPU that one's too.</summary>
    public static void Restart(long seed, DeviceType device)
    {
        // What it returns is one more reference to the one generator.
        TorchShim.THSGenerator_dispose(TorchShim.THSGenerator_manual_seed(seed));
        if (device == DeviceType.CUDA)
        {
            TorchShim.THSCuda_manual_seed(seed);
            TorchErrors.ThrowIfAny("manual_seed");
        }
    }
}
