using System.Diagnostics;
using System.Runtime.InteropServices;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>The same calls against the machine's C compiler, which has its own mind about how arguments
/// travel.</summary>
public sealed unsafe class NcclCompiledAbiTests
{
    private const NcclDataType Float32 = NcclDataType.Float32;
    private const NcclReduction Sum = NcclReduction.Sum;

    [Fact]
    public void Arguments_arrive_in_c_as_they_were_sent()
    {
        var elements = 5_000_000_000L;
        var count = (nuint)elements;
        using var folder = new CompiledLibrary("abi.c");
        var nccl = new NcclFunctions(name => NativeLibrary.GetExport(folder.Handle, name));
        NcclUniqueId id;
        nint handle;
        NcclResult state;
        int version;
        var config = NcclConfig.NonBlocking;

        NcclResult[] results =
        [
            nccl.GetVersion(&version),
            nccl.GetUniqueId(&id),
            nccl.InitRankConfig(&handle, 5, id, 3, &config),
            nccl.GetAsyncError(handle, &state),
            nccl.GroupStart(),
            nccl.AllReduce(1, 2, count, Float32, Sum, handle, 9),
            nccl.ReduceScatter(1, 2, count, Float32, Sum, handle, 9),
            nccl.AllGather(1, 2, count, Float32, handle, 9),
            nccl.Broadcast(1, 2, count, NcclDataType.UInt8, 3, handle, 9),
            nccl.Reduce(1, 2, count, Float32, Sum, 3, handle, 9),
            nccl.GroupEnd(),
            nccl.Finalize(handle),
            nccl.Destroy(handle),
            nccl.Abort(handle),
        ];

        Assert.All(results, result => Assert.Equal(NcclResult.Success, result));
        Assert.Equal((21700, NcclResult.InProgress), (version, state));
        Assert.Equal("remote", Marshal.PtrToStringUTF8((nint)nccl.GetErrorString(NcclResult.RemoteError)));
    }

    private sealed class CompiledLibrary : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("codeparrot-abi-");

        public CompiledLibrary(string source)
        {
            var library = Path.Combine(_folder.FullName, "libabi.so");
            var path = Path.Combine(AppContext.BaseDirectory, "Nccl", source);
            try
            {
                using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, path]);
                compiler.WaitForExit();
                Assert.Equal(0, compiler.ExitCode);
            }
            catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
            {
                Assert.Skip("there is no C compiler (cc)");
            }

            Handle = NativeLibrary.Load(library);
        }

        public nint Handle { get; }

        public void Dispose()
        {
            NativeLibrary.Free(Handle);
            _folder.Delete(recursive: true);
        }
    }
}
