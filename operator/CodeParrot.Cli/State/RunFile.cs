using System.Globalization;
using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.State;

/// <summary>
/// A run's resource as a file. Several commands write it: each change happens under a lock and gives it a new
/// resource version.
/// </summary>
internal sealed class RunFile(string path)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);

    /// <summary>The run, or null if there is none.</summary>
    /// <exception cref="UserMistakeException">The file is damaged.</exception>
    public TrainingRun? Read()
    {
        try
        {
            return AtomicFile.Read(path) is { } text
                ? JsonSerializer.Deserialize<TrainingRun>(text, ApiJson.Compact)
                : null;
        }
        catch (JsonException e)
        {
            throw new UserMistakeException(
                $"{path} is damaged ({e.Message}); restore it from a copy, or remove it: "
                    + "the run then begins anew, and its "
                    + "checkpoints stay in the store"
            );
        }
    }

    /// <summary>Tells one content of the file from the next without reading it.</summary>
    public (DateTime Time, long Length) Stamp()
    {
        var info = new FileInfo(path);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
    }

    /// <summary>Changes the run; creates the file where there is none.</summary>
    /// <param name="change">Gets the run as it is, or null.</param>
    /// <returns>The run as it was written; its generation grows when the spec changed.</returns>
    public TrainingRun Update(Func<TrainingRun?, TrainingRun> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var guard = Lock();
        var old = Read();
        var next = change(old);
        var version = long.Parse(old?.Metadata.ResourceVersion ?? "0", CultureInfo.InvariantCulture) + 1;
        var generation = old?.Metadata.Generation ?? 0;
        next = next with
        {
            Metadata = next.Metadata with
            {
                ResourceVersion = version.ToString(CultureInfo.InvariantCulture),
                Generation = old is not null && SameSpec(old, next) ? generation : generation + 1,
            },
        };
        AtomicFile.Write(path, JsonSerializer.Serialize(next, ApiJson.Indented) + "\n");
        return next;
    }

    /// <summary>Writes the status, if the run is still at a resource version.</summary>
    /// <exception cref="ClusterConflictException">It is not.</exception>
    public void WriteStatus(Api.Status.RunStatus status, string resourceVersion) =>
        Update(run =>
            run is not null && run.Metadata.ResourceVersion == resourceVersion
                ? run with
                {
                    Status = status,
                }
                : throw new ClusterConflictException($"{path} is not at resource version {resourceVersion} any more")
        );

    private static bool SameSpec(TrainingRun a, TrainingRun b) =>
        JsonSerializer.Serialize(a.Spec, ApiJson.Compact) == JsonSerializer.Serialize(b.Spec, ApiJson.Compact);

    private FileStream Lock()
    {
        var deadline = DateTime.UtcNow + LockPatience;
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                Thread.Sleep(LockRetry);
            }
        }
    }
}
