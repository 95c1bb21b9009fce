using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// A message from a rank to its predecessor. Data of the ring flows one way only, so the way back is free for saying
/// why the ring breaks, even in the middle of a transfer.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Notice(
    NoticeKind Kind,
    int Rank,
    CollectiveCall Call = default,
    int OtherRank = -1,
    CollectiveCall OtherCall = default,
    long WaitedMilliseconds = 0
)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 20 + 2 * CollectiveCall.Size;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Rank);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], OtherRank);
        BinaryPrimitives.WriteInt64LittleEndian(target[12..], WaitedMilliseconds);
        Call.Write(target[20..]);
        OtherCall.Write(target[(20 + CollectiveCall.Size)..]);
    }

    public static Notice Read(ReadOnlySpan<byte> source) =>
        new(
            (NoticeKind)BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            CollectiveCall.Read(source[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            CollectiveCall.Read(source[(20 + CollectiveCall.Size)..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[12..])
        );
}
