using System.Runtime.InteropServices;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Nccl;

/// <summary>NCCL as it was found in this process or on this machine.</summary>
internal sealed unsafe class NcclLibrary
{
    private static readonly Lazy<NcclLibrary> _loaded = new(Bind);

    internal NcclLibrary(NcclFunctions functions)
    {
        Functions = functions;
        int version;
        if (functions.GetVersion(&version) != NcclResult.Success || version < NcclConfig.LayoutVersion)
        {
            throw new CudaUnavailableException($"NCCL {Text(version)} is too old; install libnccl 2.17 or later");
        }

        Version = Text(version);
    }

    /// <summary>The functions.</summary>
    public NcclFunctions Functions { get; }

    /// <summary>For example <c>2.27.3</c>.</summary>
    public string Version { get; }

    /// <summary>Loads NCCL once.</summary>
    /// <exception cref="CudaUnavailableException">There is none, or it is too old.</exception>
    public static NcclLibrary Load() => _loaded.Value;

    /// <summary>What NCCL says of a result.</summary>
    public string TextOf(NcclResult result) =>
        Marshal.PtrToStringUTF8((nint)Functions.GetErrorString(result)) ?? result.ToString();

    private static NcclLibrary Bind()
    {
        var library = NativeImage.Load("libnccl", ["libnccl.so.2", "libnccl.so"]);
        if (library == 0)
        {
            throw new CudaUnavailableException(
                "NCCL (libnccl.so.2) is not there, and ranks on GPUs exchange gradients with it; install libnccl 2.17 "
                    + "or later, or use the GPU image"
            );
        }

        try
        {
            return new NcclLibrary(new NcclFunctions(name => NativeLibrary.GetExport(library, name)));
        }
        catch (EntryPointNotFoundException e)
        {
            throw new CudaUnavailableException(
                $"this NCCL lacks a function: {e.Message}; install libnccl 2.17 or later"
            );
        }
    }

    private static string Text(int version) => $"{version / 10000}.{version / 100 % 100}.{version % 100}";
}
