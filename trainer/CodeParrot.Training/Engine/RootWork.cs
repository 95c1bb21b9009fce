using System.Buffers.Binary;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Work that one rank, usually rank 0, does for all. The others wait in a broadcast, which is repeated while the work
/// goes on: a checkpoint of gigabytes may take longer to verify than a silent peer is waited for.
/// </summary>
internal static class RootWork
{
    private const long StillWorking = -1;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    /// <summary>Runs the work on one rank and returns its result on all ranks, carried as JSON.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="time">Clock.</param>
    /// <param name="work">The work.</param>
    /// <param name="root">The rank that does it.</param>
    /// <exception cref="PeerLostException">That rank failed; it throws what its work threw.</exception>
    public static T Run<T>(IProcessGroup group, TimeProvider time, Func<Task<T>> work, int root = 0)
        where T : class
    {
        if (group.Rank != root)
        {
            return Receive<T>(group, root);
        }
        var task = Task.Run(work);
        while (!Blocking.TryAwait(task, KeepAlive, time))
        {
            SendLength(group, StillWorking, root);
        }
        var result = Blocking.Await(task);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(result, ContractJson.Compact);
        SendLength(group, bytes.Length, root);
        group.Broadcast(bytes, root);
        return result;
    }

    private static T Receive<T>(IProcessGroup group, int root)
        where T : class
    {
        Span<byte> header = stackalloc byte[sizeof(long)];
        long length;
        do
        {
            group.Broadcast(header, root);
            length = BinaryPrimitives.ReadInt64LittleEndian(header);
        } while (length == StillWorking);
        var bytes = new byte[length];
        group.Broadcast(bytes, root);
        return JsonSerializer.Deserialize<T>(bytes, ContractJson.Compact)
            ?? throw new System.Diagnostics.UnreachableException($"rank {root} sent null");
    }

    private static void SendLength(IProcessGroup group, long length, int root)
    {
        Span<byte> header = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        group.Broadcast(header, root);
    }
}
