using System.Runtime.InteropServices;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Engine;

public class ExitCodesTests
{
    [Fact]
    public void Failures_of_the_world_have_codes_that_rules_can_tell_apart()
    {
        var store = StoreLocation.Parse("s3://bucket/prefix");

        Assert.Equal(ExitCode.StoreUnreachable, ExitCodes.Of(new StoreException(store, "key", "is away")));
        Assert.Equal(ExitCode.CorruptData, ExitCodes.Of(new StoreCorruptionException(store, "key", "a", "b")));
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(new ObjectNotFoundException(store, "key")));
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(new CheckpointFormatException("key", 2, 1)));
        Assert.Equal(ExitCode.PeerLost, ExitCodes.Of(new PeerLostException(1, "a sum", "it left")));
        Assert.Equal(ExitCode.Unexpected, ExitCodes.Of(new InvalidOperationException()));
    }

    [Fact]
    public void A_broken_gpu_has_a_code_of_its_own_also_where_torch_reports_it()
    {
        const string Torch = "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be …";

        Assert.Equal(ExitCode.GpuFault, ExitCodes.Of(new GpuFaultException("cudaEventQuery", 719, "launch failure")));
        Assert.Equal(ExitCode.GpuFault, ExitCodes.Of(new ExternalException(Torch)));
        Assert.Equal(
            ExitCode.Unexpected,
            ExitCodes.Of(new ExternalException("CUDA error: device-side assert triggered"))
        );
        Assert.Equal(ExitCode.Unexpected, ExitCodes.Of(new CudaException("cudaEventQuery", 400, "invalid handle")));
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(new CudaUnavailableException("there is no NCCL")));
    }

    [Fact]
    public void A_full_disk_under_the_work_folder_counts_as_a_full_store()
    {
        // The kernel's own full device.
        var full = Record.Exception(() => File.WriteAllText("/dev/full", "a byte"));

        Assert.Equal(ExitCode.StoreUnreachable, ExitCodes.Of(Assert.IsType<IOException>(full)));
    }
}
