using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CodeParrot.Storage.Local;

/// <summary>
/// Locks that let one writer at a time change a key, in this process by a semaphore and between processes by flock(2)
/// on one of a fixed set of files.
/// </summary>
internal sealed class WriteLocks : IDisposable
{
    private const int StripeCount = 64;
    private const int WouldBlock = 11;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim[] _gates;
    private readonly LocalPaths _paths;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public WriteLocks(LocalPaths paths, TimeSpan timeout, TimeProvider time)
    {
        _gates = Enumerable.Range(0, StripeCount).Select(_ => new SemaphoreSlim(1, 1)).ToArray();
        _paths = paths;
        _timeout = timeout;
        _time = time;
    }

    /// <summary>Waits for the lock of a key; disposing the result releases it.</summary>
    /// <exception cref="IOException">Another process held it beyond the timeout.</exception>
    public async Task<WriteLock> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var stripe = SHA256.HashData(Encoding.UTF8.GetBytes(key))[0] % StripeCount;
        await _gates[stripe].WaitAsync(cancellationToken);
        try
        {
            return new WriteLock(await OpenAsync(stripe, cancellationToken), _gates[stripe]);
        }
        catch
        {
            _gates[stripe].Release();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var gate in _gates)
            gate.Dispose();
    }

    private async Task<FileStream> OpenAsync(int stripe, CancellationToken cancellationToken)
    {
        LocalPaths.CreateFolder(_paths.LockFolder);
        var path = Path.Combine(_paths.LockFolder, stripe.ToString("x2", CultureInfo.InvariantCulture));
        var began = _time.GetTimestamp();
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException fault) when ((fault.HResult & 0xffff) == WouldBlock)
            {
                if (_time.GetElapsedTime(began) > _timeout)
                    throw new IOException($"another process holds the lock '{path}' for over {_timeout}", fault);
            }
            await Task.Delay(wait, _time, cancellationToken);
        }
    }
}
