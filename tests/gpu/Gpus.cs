using CodeParrot.Training.Devices;
using TorchSharp;

namespace CodeParrot.Gpu.Tests;

/// <summary>
/// The devices of this machine. A test that needs more than there are is skipped with the reason, or fails where
/// <c>CODEPARROT_EXPECT_GPUS</c> says that so many are to be there.
/// </summary>
internal static class Gpus
{
    private const string Expected = "CODEPARROT_EXPECT_GPUS";

    public static torch.Device First => new(DeviceType.CUDA, 0);

    public static void Require(int count)
    {
        var found = TorchBuild.VisibleDevices;
        if (found >= count)
        {
            return;
        }

        var reason = TorchBuild.IsCuda
            ? $"needs {count} CUDA device(s), there are {found}"
            : "this build computes on the CPU: `make test-gpu` makes the other";
        var isExpected =
            int.TryParse(Environment.GetEnvironmentVariable(Expected), out var expected) && expected >= count;
        Assert.False(isExpected, $"{Expected} is {expected}, and it {reason}");
        Assert.Skip(reason);
    }
}
