using CodeParrot.Cli.Places;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.State;

/// <summary>Where the embedded cluster keeps its runs.</summary>
internal sealed class StateFolder(string root)
{
    /// <summary>What stands before the path of a local store.</summary>
    public const string LocalScheme = "file://";

    /// <summary>Folder of all runs.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>
    /// Store of runs that name none. Locations are written raw: a store does not decode percent signs.
    /// </summary>
    public string StoreUri => LocalScheme + Path.Combine(Root, "store");

    /// <summary>Folder of one run.</summary>
    public string RunFolder(RunKey run) => Path.Combine(Root, "runs", run.Namespace, run.Name);

    /// <summary>The run's resource.</summary>
    public RunFile File(RunKey run) => new(Path.Combine(RunFolder(run), "run.json"));

    /// <summary>Snapshot of a hash.</summary>
    public string SnapshotFile(RunKey run, string hash) => Path.Combine(RunFolder(run), $"run-{hash}.yaml");

    /// <summary>Secret that the run's ranks prove to each other.</summary>
    public string KeyFile(RunKey run) => Path.Combine(RunFolder(run), "key");

    /// <summary>Folder of the run's pods.</summary>
    public string PodsFolder(RunKey run) => Path.Combine(RunFolder(run), "pods");

    /// <summary>Every run, sorted by name.</summary>
    public IReadOnlyList<RunKey> List()
    {
        var runs = Path.Combine(Root, "runs");
        if (!Directory.Exists(runs))
        {
            return [];
        }

        return
        [
            .. Directory
                .EnumerateDirectories(runs)
                .SelectMany(Directory.EnumerateDirectories)
                .Where(d => System.IO.File.Exists(Path.Combine(d, "run.json")))
                .Select(d => new RunKey(Path.GetFileName(Path.GetDirectoryName(d)!), Path.GetFileName(d)))
                .OrderBy(k => k.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>The run of a name, or the only one there is when no name is given.</summary>
    /// <param name="name"><c>name</c> or <c>namespace/name</c>; null for the only run.</param>
    /// <exception cref="UserMistakeException">There is none, or more than one.</exception>
    public RunKey Find(string? name) => RunChoice.Of(List(), name, $"below {Root}", "codeparrot run -f run.yaml");
}
