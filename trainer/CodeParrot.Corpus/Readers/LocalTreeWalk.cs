namespace CodeParrot.Corpus.Readers;

/// <summary>
/// One walk over a folder in the ordinal order of the paths. A link to a folder is followed once, and not when what
/// it leads to is walked anyway or holds the folder itself, so that no link makes a circle.
/// </summary>
internal sealed class LocalTreeWalk
{
    private readonly string _root;
    private readonly string _realRoot;
    private readonly HashSet<string> _followed = [];

    public LocalTreeWalk(string root)
    {
        _root = root;
        _realRoot = LocalFiles.RealPath(root);
    }

    public IEnumerable<SourceObject> Walk() => Walk("");

    private IEnumerable<SourceObject> Walk(string folder)
    {
        var entries = Entries(folder, out var fault);
        foreach (var (name, entry) in entries)
        {
            if (entry is FileInfo file)
                yield return LocalFiles.Describe(file, folder + name);
            else if (MayEnter(entry))
            {
                foreach (var found in Walk(folder + name))
                    yield return found;
            }
        }
        if (fault is not null)
            yield return new SourceObject(
                folder.TrimEnd('/'),
                -1,
                "",
                $"a folder that cannot be read: {fault.Message}"
            );
    }

    private (string Name, FileSystemInfo Entry)[] Entries(string folder, out Exception? fault)
    {
        fault = null;
        try
        {
            // A folder sorts as its name with the slash, as keys do in a flat listing.
            return new DirectoryInfo(Path.Combine(_root, folder))
                .EnumerateFileSystemInfos()
                .Select(entry => (Name: entry is DirectoryInfo ? entry.Name + "/" : entry.Name, Entry: entry))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ToArray();
        }
        catch (Exception caught) when (LocalFiles.IsFault(caught))
        {
            if (folder.Length == 0)
                throw new SourceUnreadableException(_root, caught);
            fault = caught;
            return [];
        }
    }

    private bool MayEnter(FileSystemInfo folder)
    {
        if (!LocalFiles.IsLink(folder))
            return true;
        var target = LocalFiles.RealPath(folder.FullName);
        return !IsWithin(target, _realRoot) && !IsWithin(_realRoot, target) && _followed.Add(target);
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
