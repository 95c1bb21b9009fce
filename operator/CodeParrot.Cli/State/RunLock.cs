using System.Globalization;

namespace CodeParrot.Cli.State;

/// <summary>
/// Makes sure that one <c>codeparrot run</c> drives a run; the kernel frees it when the process ends.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock of a run's folder.</summary>
    /// <exception cref="UserMistakeException">Another process holds it.</exception>
    public static RunLock Take(string runFolder)
    {
        Directory.CreateDirectory(runFolder);
        var path = Path.Combine(runFolder, "lock");
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Beside the lock, because the lock itself cannot be read by others.
            File.WriteAllText(path + ".pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new RunLock(stream);
        }
        catch (IOException)
        {
            var holder = AtomicFile.Read(path + ".pid") ?? "unknown";
            throw new UserMistakeException(
                $"another codeparrot (process {holder}) drives this run already; stop it first, "
                    + "or use another --state or metadata.name"
            );
        }
    }

    /// <summary>True while a process drives the run.</summary>
    public static bool IsTaken(string runFolder)
    {
        try
        {
            var path = Path.Combine(runFolder, "lock");
            using var stream = File.Exists(path)
                ? File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                : null;
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
