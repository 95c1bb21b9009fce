using System.Numerics;

namespace CodeParrot.Training.Metrics;

/// <summary>
/// The checksum of TensorBoard's record files: CRC-32C, rotated and offset so that it may stand in its own data.
/// </summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Returns the masked checksum.</summary>
    public static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
