namespace CodeParrot.Corpus.Readers;

/// <summary>
/// One walk over a folder in the ordinal order of the paths. A link to a folder is followed once, and not when what it leads
/// to is walked anyway or holds the folder itself, so that no link makes a circle.
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
        foreach (var entry in entries)
        {
            if (!entry.EndsWith('/'))
                yield return LocalFiles.Describe(Path.Combine(_root, folder, entry), folder + entry);
            else if (MayEnter(folder + entry))
            {
                foreach (var found in Walk(folder + entry))
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

    private string[] Entries(string folder, out Exception? fault)
    {
        fault = null;
        try
        {
            // A folder sorts as its name with the slash, as keys do in a flat listing.
            return new DirectoryInfo(Path.Combine(_root, folder))
                .EnumerateFileSystemInfos()
                .Select(entry => entry.Attributes.HasFlag(FileAttributes.Directory) ? entry.Name + "/" : entry.Name)
                .Order(StringComparer.Ordinal)
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

    private bool MayEnter(string folder)
    {
        var path = Path.Combine(_root, folder.TrimEnd('/'));
        if (new DirectoryInfo(path).LinkTarget is null)
            return true;
        var target = LocalFiles.RealPath(path);
        return !IsWithin(target, _realRoot) && !IsWithin(_realRoot, target) && _followed.Add(target);
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
