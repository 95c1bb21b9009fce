using System.Buffers.Binary;

namespace CodeParrot.Storage.Local;

/// <summary>
/// The held lock of some keys. Its file remembers the last time of modification given out, which the next one must
/// exceed.
/// </summary>
internal sealed class WriteLock(FileStream file, SemaphoreSlim gate) : IDisposable
{
    public long LastTicks
    {
        get
        {
            Span<byte> ticks = stackalloc byte[sizeof(long)];
            return RandomAccess.Read(file.SafeFileHandle, ticks, 0) == sizeof(long)
                ? Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(ticks), 0, DateTime.MaxValue.Ticks - 1)
                : 0;
        }
        set
        {
            Span<byte> ticks = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(ticks, value);
            RandomAccess.Write(file.SafeFileHandle, ticks, 0);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        gate.Release();
    }
}
