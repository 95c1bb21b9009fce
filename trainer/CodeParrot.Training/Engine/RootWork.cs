using System.Buffers.Binary;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Work that rank 0 does for all. The others wait in a broadcast, which is repeated while the work goes on: a
/// checkpoint of gigabytes may take longer to verify than a silent peer is waited for.
/// </summary>
internal static class RootWork
{
    private const int Root = 0;
    private const long StillWorking = -1;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    /// <summary>Runs the work on rank 0 and returns its result on all ranks, carried as JSON.</summary>
    /// <exception cref="PeerLostException">Rank 0 failed; it throws what its work threw.</exception>
    public static T Run<T>(IProcessGroup group, TimeProvider time, Func<Task<T>> work)
        where T : class
    {
        if (group.Rank != Root)
        {
            return Receive<T>(group);
        }
        var task = Task.Run(work);
        while (!Blocking.TryAwait(task, KeepAlive, time))
        {
            SendLength(group, StillWorking);
        }
        var result = Blocking.Await(task);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(result, ContractJson.Compact);
        SendLength(group, bytes.Length);
        group.Broadcast(bytes, Root);
        return result;
    }

    private static T Receive<T>(IProcessGroup group)
        where T : class
    {
        Span<byte> header = stackalloc byte[sizeof(long)];
        long length;
        do
        {
            group.Broadcast(header, Root);
            length = BinaryPrimitives.ReadInt64LittleEndian(header);
        } while (length == StillWorking);
        var bytes = new byte[length];
        group.Broadcast(bytes, Root);
        return JsonSerializer.Deserialize<T>(bytes, ContractJson.Compact)
            ?? throw new System.Diagnostics.UnreachableException("rank 0 sent null");
    }

    private static void SendLength(IProcessGroup group, long length)
    {
        Span<byte> header = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        group.Broadcast(header, Root);
    }
}
