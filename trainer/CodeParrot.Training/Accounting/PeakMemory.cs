using System.Buffers.Text;
using CodeParrot.Distributed.Cuda;
using Microsoft.Win32.SafeHandles;

namespace CodeParrot.Training.Accounting;

/// <summary>
/// The most memory that this process has taken. Asked at most once a second, as the kernel walks its tables for it;
/// allocates nothing (.NET's <c>Process</c> makes 29 KB of objects for the same number).
/// </summary>
/// <param name="cudaDevice">GPU of the rank; null for the CPU.</param>
/// <param name="time">Clock.</param>
internal sealed class PeakMemory(int? cudaDevice, TimeProvider time)
{
    private const string StatusFile = "/proc/self/status";
    private const int MaxStatusBytes = 4096;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Read anew from its beginning each time; the process's own, and open as long as it lives.
    private static readonly SafeFileHandle? _status = File.Exists(StatusFile) ? File.OpenHandle(StatusFile) : null;

    private long _askedAt;
    private bool _hasAsked;

    /// <summary>Gets the largest resident set so far (VmHWM), in bytes; null before it is asked for.</summary>
    public long? HostBytes { get; private set; }

    /// <summary>
    /// Gets the most memory in use on the GPU at any time that it was asked; torch's allocator keeps what it has taken,
    /// so this is near the peak. Null without a GPU.
    /// </summary>
    public long? DeviceBytes { get; private set; }

    /// <summary>Asks again, unless that was a moment ago.</summary>
    public void Refresh()
    {
        if (_hasAsked && time.GetElapsedTime(_askedAt) < Pause)
        {
            return;
        }
        _hasAsked = true;
        _askedAt = time.GetTimestamp();
        HostBytes = PeakResidentBytes();
        if (cudaDevice is { } device)
        {
            var (free, total) = CudaRuntime.Load().MemoryOf(device);
            DeviceBytes = Math.Max(DeviceBytes ?? 0, total - free);
        }
    }

    // getrusage would be simpler, but a process inherits its figure from the one that started it.
    private static long? PeakResidentBytes()
    {
        if (_status is null)
        {
            return null;
        }
        Span<byte> buffer = stackalloc byte[MaxStatusBytes];
        ReadOnlySpan<byte> text = buffer[..RandomAccess.Read(_status, buffer, 0)];
        var label = "VmHWM:"u8;
        var start = text.IndexOf(label);
        return
            start >= 0 && Utf8Parser.TryParse(text[(start + label.Length)..].TrimStart(" \t"u8), out long kibi, out _)
            ? kibi * 1024
            : null;
    }
}
