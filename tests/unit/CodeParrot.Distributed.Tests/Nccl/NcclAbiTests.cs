using System.Runtime.InteropServices;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>What crosses the border to C: sizes, places, names and values, as NCCL's and CUDA's headers have
/// them.</summary>
[Collection(nameof(FakeGpus))]
public sealed class NcclAbiTests
{
    [Fact]
    public unsafe void The_id_is_128_bytes_without_alignment()
    {
        Assert.Equal(128, sizeof(NcclUniqueId));
        Assert.Equal(129, sizeof(Probe));
    }

    [Fact]
    public unsafe void The_configuration_lies_as_in_the_header_of_2_17()
    {
        Assert.Equal(40, sizeof(NcclConfig));
        (string, int)[] places =
        [
            (nameof(NcclConfig.SizeBytes), 0),
            (nameof(NcclConfig.Magic), 8),
            (nameof(NcclConfig.Version), 12),
            (nameof(NcclConfig.Blocking), 16),
            (nameof(NcclConfig.CgaClusterSize), 20),
            (nameof(NcclConfig.MinCtas), 24),
            (nameof(NcclConfig.MaxCtas), 28),
            (nameof(NcclConfig.NetName), 32),
        ];
        foreach (var (name, offset) in places)
        {
            Assert.Equal(offset, (int)Marshal.OffsetOf<NcclConfig>(name));
        }
    }

    [Fact]
    public void Codes_are_those_of_the_header()
    {
        Assert.Equal((0, 6, 7), ((int)NcclResult.Success, (int)NcclResult.RemoteError, (int)NcclResult.InProgress));
        Assert.Equal((1, 7, 0), ((int)NcclDataType.UInt8, (int)NcclDataType.Float32, (int)NcclReduction.Sum));
    }

    [Fact]
    public void Only_names_that_nccl_exports_are_asked_for()
    {
        using var gpus = new FakeGpus(1);
        FakeNccl.Asked.Clear();

        _ = FakeGpus.Nccl();

        string[] expected =
        [
            "ncclAllGather",
            "ncclAllReduce",
            "ncclBroadcast",
            "ncclCommAbort",
            "ncclCommDestroy",
            "ncclCommFinalize",
            "ncclCommGetAsyncError",
            "ncclCommInitRankConfig",
            "ncclGetErrorString",
            "ncclGetUniqueId",
            "ncclGetVersion",
            "ncclGroupEnd",
            "ncclGroupStart",
            "ncclReduce",
            "ncclReduceScatter",
        ];
        Assert.Equal(expected, FakeNccl.Asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_nccl_without_this_configuration_is_refused_with_the_remedy()
    {
        using var gpus = new FakeGpus(1) { NcclVersion = 21403 };

        var error = Assert.Throws<CudaUnavailableException>(FakeGpus.Nccl);

        Assert.Equal("NCCL 2.14.3 is too old; install libnccl 2.17 or later", error.Message);
        gpus.NcclVersion = 22703;
        Assert.Equal("2.27.3", FakeGpus.Nccl().Version);
    }

    [Fact]
    public void Without_cuda_the_message_says_what_to_build()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad("libcudart.so.12", out _), "this machine has the CUDA runtime");

        var error = Assert.Throws<CudaUnavailableException>(CudaRuntime.Load);

        Assert.Contains("-p:TorchBackend=cuda", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_this_process_is_found_by_the_stem_of_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "images are listed by Linux");

        Assert.NotNull(NativeImage.FindLoaded("libcoreclr"));
        Assert.Null(NativeImage.FindLoaded("libcorecl"));
    }

    [Fact]
    public void A_device_s_name_and_memory_are_read()
    {
        using var gpus = new FakeGpus(2);

        Assert.Equal(
            (2, "Fake 1", (3L, 8L)),
            (FakeGpus.Cuda.DeviceCount, FakeGpus.Cuda.NameOf(1), FakeGpus.Cuda.Memory())
        );
    }

    [Fact]
    public void Pinned_memory_is_given_back()
    {
        using var gpus = new FakeGpus(1);

        using (var memory = FakeGpus.Cuda.AllocatePinned(64))
        {
            Assert.Equal((64, 1), (memory.SizeBytes, gpus.Living.Count));
        }

        Assert.Empty(gpus.Living);
    }

    [Theory]
    [InlineData(700, true)]
    [InlineData(214, true)]
    [InlineData(2, false)]
    [InlineData(1, false)]
    public void A_fault_of_the_device_is_told_from_a_refused_call(int code, bool isFault)
    {
        using var gpus = new FakeGpus(1) { LastError = code };

        var error = Assert.ThrowsAny<CudaException>(FakeGpus.Cuda.ThrowLastError);

        Assert.Equal(isFault, error is GpuFaultException);
        Assert.Contains($"CUDA error {code}", error.Message, StringComparison.Ordinal);
    }

    // A byte ahead of the id shows an alignment that C does not have.
    [StructLayout(LayoutKind.Sequential)]
    private struct Probe
    {
        public byte Before;
        public NcclUniqueId Id;
    }
}
