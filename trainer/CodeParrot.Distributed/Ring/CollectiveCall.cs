using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// What a rank is about to do. It goes to the next rank ahead of the data of every collective, so that two ranks that
/// call different things find out before a byte is summed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CollectiveCall(CollectiveKind Kind, int Root, long Sequence, long Bytes)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 24;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Root);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Bytes);
    }

    public static CollectiveCall Read(ReadOnlySpan<byte> source) =>
        new(
            (CollectiveKind)BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..])
        );

    /// <summary>Kind, number in the round, and elements.</summary>
    public string Describe() => $"{Kind} #{Sequence} of {Bytes / ElementBytes} elements";

    private int ElementBytes =>
        Kind switch
        {
            CollectiveKind.AllReduceDouble => sizeof(double),
            CollectiveKind.Broadcast or CollectiveKind.Barrier => 1,
            _ => sizeof(float),
        };

    public override string ToString() =>
        Kind == CollectiveKind.Broadcast
            ? $"{Kind} #{Sequence} ({Bytes} bytes from rank {Root})"
            : $"{Kind} #{Sequence} ({Bytes} bytes)";
}
