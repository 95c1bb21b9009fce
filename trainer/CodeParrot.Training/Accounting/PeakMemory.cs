using CodeParrot.Distributed.Cuda;

namespace CodeParrot.Training.Accounting;

/// <summary>
/// The most memory that this process has taken. Asked at most once a second: /proc is read as text.
/// </summary>
/// <param name="cudaDevice">GPU of the rank; null for the CPU.</param>
/// <param name="time">Clock.</param>
internal sealed class PeakMemory(int? cudaDevice, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        HostBytes = self.PeakWorkingSet64;
        if (cudaDevice is { } device)
        {
            var (free, total) = CudaRuntime.Load().MemoryOf(device);
            DeviceBytes = Math.Max(DeviceBytes ?? 0, total - free);
        }
    }
}
