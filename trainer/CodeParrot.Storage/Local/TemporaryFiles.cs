using System.Security.Cryptography;

namespace CodeParrot.Storage.Local;

/// <summary>Makes temporary files, and once in a store's life removes those that killed processes left.</summary>
internal sealed class TemporaryFiles(LocalPaths paths, TimeProvider time)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private int _isSwept;

    /// <summary>Opens a new temporary file.</summary>
    public TemporaryFile Create()
    {
        LocalPaths.CreateFolder(paths.TemporaryFolder);
        if (Interlocked.Exchange(ref _isSwept, 1) == 0)
            Sweep();
        var path = Path.Combine(paths.TemporaryFolder, RandomNumberGenerator.GetHexString(32, lowercase: true));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        return new TemporaryFile(path, new FileStream(path, options));
    }

    private void Sweep()
    {
        var limit = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var path in Directory.EnumerateFiles(paths.TemporaryFolder))
        {
            if (File.GetLastWriteTimeUtc(path) >= limit)
                continue;
            try
            {
                // A living writer holds its file open unshared, however slow it is.
                using var unused = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
                File.Delete(path);
            }
            catch (IOException)
            {
                // In use, or another process swept it: either way it is not ours to remove.
            }
        }
    }
}
