using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Corpus;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Storage;
using CodeParrot.Training.Devices;
using CodeParrot.Training.Memory;

namespace CodeParrot.Training.Engine;

/// <summary>The exit code that a failure of training ends with.</summary>
public static class ExitCodes
{
    // Linux's ENOSPC and EDQUOT, as IOException carries them.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Returns the code of an exception that left <see cref="TrainingEngine.Run"/>.</summary>
    public static ExitCode Of(Exception failure) =>
        failure switch
        {
            DivergedException or LossSpikeException => ExitCode.Diverged,
            MemoryExhaustedException => ExitCode.OutOfGpuMemory,
            _ when AllocationFailure.Is(failure) => ExitCode.OutOfGpuMemory,
            PeerLostException or SupersededException => ExitCode.PeerLost,
            CheckpointCorruptException or StoreCorruptionException => ExitCode.CorruptData,
            ManifestException
            or StoreInUseException
            or CheckpointNotFoundException
            or CheckpointFormatException
            or ModelConfigurationException
            or ModelFileException
            or TokenOutOfRangeException
            or CorpusException => ExitCode.UserMistake,
            BucketNotFoundException or ObjectNotFoundException => ExitCode.UserMistake,
            StoreException => ExitCode.StoreUnreachable,
            IOException full when (full.HResult & 0xffff) is NoSpace or QuotaExceeded => ExitCode.StoreUnreachable,
            CudaUnavailableException => ExitCode.UserMistake,
            _ when GpuFaults.IsFault(failure) => ExitCode.GpuFault,
            _ => ExitCode.Unexpected,
        };
}
