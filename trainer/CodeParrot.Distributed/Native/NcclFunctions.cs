namespace CodeParrot.Distributed.Native;

/// <summary>
/// NCCL's functions as pointers with their C signatures. They are bound by name from the library, or in tests from
/// functions of our own, so that what a test drives is the call as it leaves this process.
/// </summary>
internal sealed unsafe class NcclFunctions
{
    public readonly delegate* unmanaged[Cdecl]<int*, NcclResult> GetVersion;
    public readonly delegate* unmanaged[Cdecl]<NcclUniqueId*, NcclResult> GetUniqueId;
    public readonly delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, NcclConfig*, NcclResult> InitRankConfig;
    public readonly delegate* unmanaged[Cdecl]<nint, NcclResult> Finalize;
    public readonly delegate* unmanaged[Cdecl]<nint, NcclResult> Destroy;
    public readonly delegate* unmanaged[Cdecl]<nint, NcclResult> Abort;
    public readonly delegate* unmanaged[Cdecl]<nint, NcclResult*, NcclResult> GetAsyncError;
    public readonly delegate* unmanaged[Cdecl]<NcclResult, byte*> GetErrorString;
    public readonly delegate* unmanaged[Cdecl]<NcclResult> GroupStart;
    public readonly delegate* unmanaged[Cdecl]<NcclResult> GroupEnd;

    /// <summary>send, receive, count, type, reduction, communicator, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<
        nint,
        nint,
        nuint,
        NcclDataType,
        NcclReduction,
        nint,
        nint,
        NcclResult> AllReduce;

    /// <summary>send, receive, elements received, type, reduction, communicator, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<
        nint,
        nint,
        nuint,
        NcclDataType,
        NcclReduction,
        nint,
        nint,
        NcclResult> ReduceScatter;

    /// <summary>send, receive, elements sent, type, communicator, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, nint, nint, NcclResult> AllGather;

    /// <summary>send, receive, count, type, root, communicator, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, int, nint, nint, NcclResult> Broadcast;

    /// <summary>send, receive, count, type, reduction, root, communicator, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<
        nint,
        nint,
        nuint,
        NcclDataType,
        NcclReduction,
        int,
        nint,
        nint,
        NcclResult> Reduce;

    /// <summary>Binds every function.</summary>
    /// <param name="export">Returns the address of a name; throws if there is none.</param>
    public NcclFunctions(Func<string, nint> export)
    {
        GetVersion = (delegate* unmanaged[Cdecl]<int*, NcclResult>)export("ncclGetVersion");
        GetUniqueId = (delegate* unmanaged[Cdecl]<NcclUniqueId*, NcclResult>)export("ncclGetUniqueId");
        InitRankConfig = (delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, NcclConfig*, NcclResult>)export(
            "ncclCommInitRankConfig"
        );
        Finalize = (delegate* unmanaged[Cdecl]<nint, NcclResult>)export("ncclCommFinalize");
        Destroy = (delegate* unmanaged[Cdecl]<nint, NcclResult>)export("ncclCommDestroy");
        Abort = (delegate* unmanaged[Cdecl]<nint, NcclResult>)export("ncclCommAbort");
        GetAsyncError = (delegate* unmanaged[Cdecl]<nint, NcclResult*, NcclResult>)export("ncclCommGetAsyncError");
        GetErrorString = (delegate* unmanaged[Cdecl]<NcclResult, byte*>)export("ncclGetErrorString");
        GroupStart = (delegate* unmanaged[Cdecl]<NcclResult>)export("ncclGroupStart");
        GroupEnd = (delegate* unmanaged[Cdecl]<NcclResult>)export("ncclGroupEnd");
        AllReduce = (delegate* unmanaged[Cdecl]<
            nint,
            nint,
            nuint,
            NcclDataType,
            NcclReduction,
            nint,
            nint,
            NcclResult>)export("ncclAllReduce");
        ReduceScatter = (delegate* unmanaged[Cdecl]<
            nint,
            nint,
            nuint,
            NcclDataType,
            NcclReduction,
            nint,
            nint,
            NcclResult>)export("ncclReduceScatter");
        AllGather = (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, nint, nint, NcclResult>)export(
            "ncclAllGather"
        );
        Broadcast = (delegate* unmanaged[Cdecl]<nint, nint, nuint, NcclDataType, int, nint, nint, NcclResult>)export(
            "ncclBroadcast"
        );
        Reduce = (delegate* unmanaged[Cdecl]<
            nint,
            nint,
            nuint,
            NcclDataType,
            NcclReduction,
            int,
            nint,
            nint,
            NcclResult>)export("ncclReduce");
    }
}
