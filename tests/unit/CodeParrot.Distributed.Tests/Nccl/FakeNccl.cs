using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>NCCL's C functions, served by <see cref="FakeGpus"/>.</summary>
internal static unsafe class FakeNccl
{
    private static readonly nint _text = Marshal.StringToCoTaskMemUTF8("as the test wants it");
    private static int _answersLeft;

    [ThreadStatic]
    private static int _groupDepth;

    /// <summary>The names that were asked for.</summary>
    public static HashSet<string> Asked { get; } = [];

    /// <summary>How often the last call will still be in progress.</summary>
    public static int AnswersLeft => Math.Max(0, Volatile.Read(ref _answersLeft));

    private static FakeGpus Gpus => FakeGpus.Current;

    public static nint Export(string name)
    {
        Asked.Add(name);
        return name switch
        {
            "ncclGetVersion" => (nint)(delegate* unmanaged[Cdecl]<int*, NcclResult>)&GetVersion,
            "ncclGetUniqueId" => (nint)(delegate* unmanaged[Cdecl]<NcclUniqueId*, NcclResult>)&GetUniqueId,
            "ncclCommInitRankConfig" => (nint)
                (delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, NcclConfig*, NcclResult>)&InitRankConfig,
            "ncclCommFinalize" => (nint)(delegate* unmanaged[Cdecl]<nint, NcclResult>)&CommFinalize,
            "ncclCommDestroy" => (nint)(delegate* unmanaged[Cdecl]<nint, NcclResult>)&Destroy,
            "ncclCommAbort" => (nint)(delegate* unmanaged[Cdecl]<nint, NcclResult>)&Abort,
            "ncclCommGetAsyncError" => (nint)(delegate* unmanaged[Cdecl]<nint, NcclResult*, NcclResult>)&GetAsyncError,
            "ncclGetErrorString" => (nint)(delegate* unmanaged[Cdecl]<NcclResult, byte*>)&GetErrorString,
            "ncclGroupStart" => (nint)(delegate* unmanaged[Cdecl]<NcclResult>)&GroupStart,
            "ncclGroupEnd" => (nint)(delegate* unmanaged[Cdecl]<NcclResult>)&GroupEnd,
            "ncclAllReduce" => (nint)
                (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult>)
                    &AllReduce,
            "ncclReduceScatter" => (nint)
                (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult>)
                    &ReduceScatter,
            "ncclAllGather" => (nint)
                (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, nint, nint, NcclResult>)&AllGather,
            "ncclBroadcast" => (nint)
                (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, int, nint, nint, NcclResult>)&Broadcast,
            "ncclReduce" => (nint)
                (delegate* unmanaged[Cdecl]<
                    nint,
                    nint,
                    nuint,
                    NcclDataType,
                    NcclReduction,
                    int,
                    nint,
                    nint,
                    NcclResult>)
                    &Reduce,
            _ => throw new EntryPointNotFoundException(name),
        };
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult GetVersion(int* version)
    {
        *version = Gpus.NcclVersion;
        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult GetUniqueId(NcclUniqueId* id)
    {
        for (var i = 0; i < NcclUniqueId.SizeBytes; i++)
        {
            (*id)[i] = (byte)(i + 1);
        }

        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult InitRankConfig(
        nint* communicator,
        int worldSize,
        NcclUniqueId id,
        int rank,
        NcclConfig* config
    )
    {
        for (var i = 0; i < NcclUniqueId.SizeBytes; i++)
        {
            if (id[i] != (byte)(i + 1))
            {
                return NcclResult.InvalidArgument;
            }
        }

        Gpus.Note(
            FakeCuda.Device,
            $"init rank {rank} of {worldSize}: {config->SizeBytes} bytes, {config->Magic:x}, {config->Version}, "
                + $"blocking {config->Blocking}"
        );
        // A rank's communicator is told from the others' by its handle: its device is the handle's last digit.
        *communicator = (Gpus.NewHandle() * 10) + FakeCuda.Device;
        return Begin();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult CommFinalize(nint communicator)
    {
        Gpus.Note(DeviceOf(communicator), "finalize");
        return Begin();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult Destroy(nint communicator)
    {
        Gpus.Note(DeviceOf(communicator), "destroy");
        _ = Gpus.Release(communicator / 10);
        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult Abort(nint communicator)
    {
        Gpus.Note(DeviceOf(communicator), "abort");
        Gpus.Abort(communicator);
        _ = Gpus.Release(communicator / 10);
        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult GetAsyncError(nint communicator, NcclResult* state)
    {
        Gpus.Asked();
        *state =
            Gpus.AsyncErrors.TryGetValue(DeviceOf(communicator), out var error) ? error
            : Interlocked.Decrement(ref _answersLeft) >= 0 ? NcclResult.InProgress
            : NcclResult.Success;
        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetErrorString(NcclResult result) => (byte*)_text;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult GroupStart()
    {
        _groupDepth++;
        return NcclResult.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult GroupEnd() => --_groupDepth == 0 ? Begin() : NcclResult.InvalidUsage;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult AllReduce(
        nint send,
        nint receive,
        nuint count,
        NcclDataType type,
        NcclReduction reduction,
        nint communicator,
        nint stream
    ) =>
        Queue(
            $"all-reduce {count} {type} {reduction}",
            communicator,
            stream,
            send,
            receive,
            (sent, received) =>
            {
                var sum = Sum(sent, (int)count);
                Array.ForEach(received, place => sum.CopyTo(Floats(place, (int)count)));
            }
        );

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult ReduceScatter(
        nint send,
        nint receive,
        nuint count,
        NcclDataType type,
        NcclReduction reduction,
        nint communicator,
        nint stream
    ) =>
        Queue(
            $"reduce-scatter {count} {type} {reduction}",
            communicator,
            stream,
            send,
            receive,
            (sent, received) =>
            {
                var sum = Sum(sent, (int)count * sent.Length);
                for (var rank = 0; rank < received.Length; rank++)
                {
                    sum.AsSpan(rank * (int)count, (int)count).CopyTo(Floats(received[rank], (int)count));
                }
            }
        );

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult AllGather(
        nint send,
        nint receive,
        nuint count,
        NcclDataType type,
        nint communicator,
        nint stream
    ) =>
        Queue(
            $"all-gather {count} {type}",
            communicator,
            stream,
            send,
            receive,
            (sent, received) =>
            {
                var slices = sent.SelectMany(place => Floats(place, (int)count).ToArray()).ToArray();
                Array.ForEach(received, place => slices.CopyTo(Floats(place, slices.Length)));
            }
        );

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult Broadcast(
        nint send,
        nint receive,
        nuint count,
        NcclDataType type,
        int root,
        nint communicator,
        nint stream
    ) =>
        Queue(
            $"broadcast {count} {type} from {root}",
            communicator,
            stream,
            send,
            receive,
            (sent, received) =>
            {
                var bytes = (int)count * (type == NcclDataType.UInt8 ? 1 : sizeof(float));
                var content = new Span<byte>((void*)sent[root], bytes).ToArray();
                Array.ForEach(received, place => content.CopyTo(new Span<byte>((void*)place, bytes)));
            }
        );

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NcclResult Reduce(
        nint send,
        nint receive,
        nuint count,
        NcclDataType type,
        NcclReduction reduction,
        int root,
        nint communicator,
        nint stream
    ) =>
        Queue(
            $"reduce {count} {type} {reduction} to {root}",
            communicator,
            stream,
            send,
            receive,
            (sent, received) => Sum(sent, (int)count).CopyTo(Floats(received[root], (int)count))
        );

    private static int DeviceOf(nint communicator) => (int)(communicator % 10);

    private static Span<float> Floats(nint place, int count) => new((void*)place, count);

    private static float[] Sum(nint[] places, int count)
    {
        var sum = new float[count];
        foreach (var place in places)
        {
            var values = Floats(place, count);
            for (var i = 0; i < count; i++)
            {
                sum[i] += values[i];
            }
        }

        return sum;
    }

    private static NcclResult Queue(
        string call,
        nint communicator,
        nint stream,
        nint send,
        nint receive,
        Action<nint[], nint[]> exchange
    )
    {
        var device = DeviceOf(communicator);
        Gpus.Note(device, call);
        Gpus.Collective(device, communicator, stream, call, send, receive, exchange);
        return _groupDepth > 0 ? NcclResult.Success : Begin();
    }

    private static NcclResult Begin()
    {
        _answersLeft = Gpus.InProgressAnswers;
        return _answersLeft > 0 ? NcclResult.InProgress : NcclResult.Success;
    }
}
