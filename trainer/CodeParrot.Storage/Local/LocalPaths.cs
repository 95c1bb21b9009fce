using System.Text;
using CodeParrot.Storage.Native;

namespace CodeParrot.Storage.Local;

/// <summary>Where a local store's objects and its own files lie.</summary>
internal sealed class LocalPaths(StoreLocation location)
{
    private const int AlreadyExists = 17; // EEXIST

    private readonly string _root = location.Path;

    /// <summary>
    /// Gets the folder of temporary files: below the root, so that a rename never crosses file systems.
    /// </summary>
    public string TemporaryFolder => Path.Combine(_root, StoreKey.ReservedSegment, "tmp");

    /// <summary>Gets the folder of lock files.</summary>
    public string LockFolder => Path.Combine(_root, StoreKey.ReservedSegment, "locks");

    public string FileOf(string key) => Path.Combine(_root, key);

    /// <summary>Creates the folder of an object, durably.</summary>
    public void CreateFolderOf(string key)
    {
        var folder = Path.GetDirectoryName(FileOf(key))!;
        try
        {
            CreateFolder(folder);
        }
        catch (IOException fault) when (FileAbove(key) is { } blocker)
        {
            throw new StoreException(
                location,
                key,
                $"cannot be stored below '{blocker}', which is an object itself; a directory holds only one of the two",
                fault
            );
        }
    }

    /// <summary>Creates a folder and those above it, each entry flushed.</summary>
    /// <exception cref="DirectoryNotFoundException">Another process removed one of them meanwhile.</exception>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
            CreateFolder(parent);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException fault) when ((fault.HResult & 0xffff) == AlreadyExists && !File.Exists(folder))
        {
            // It was there when .NET made it, and gone when .NET looked whether it is a directory.
            throw new DirectoryNotFoundException($"the directory '{folder}' is gone", fault);
        }
        if (parent is not null)
            DirectorySync.Flush(parent);
    }

    /// <summary>Removes the folders that an object left empty, so that they show no more than in a bucket.</summary>
    public void RemoveEmptyFoldersOf(string key)
    {
        for (var slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
        {
            try
            {
                Directory.Delete(FileOf(key[..slash]));
            }
            catch (IOException)
            {
                // Not empty, or gone already: then those above it are not empty either, or not ours to look at.
                return;
            }
        }
    }

    /// <summary>Walks the keys that begin with a prefix, in the order of their UTF-8 bytes.</summary>
    public IEnumerable<string> KeysBelow(string prefix)
    {
        var slash = prefix.LastIndexOf('/');
        var folder = prefix[..(slash + 1)];
        return Walk(folder).Where(key => key.StartsWith(prefix, StringComparison.Ordinal));
    }

    private IEnumerable<string> Walk(string folder)
    {
        foreach (var entry in Entries(folder))
        {
            if (!entry.EndsWith('/'))
                yield return folder + entry;
            else
                foreach (var key in Walk(folder + entry))
                    yield return key;
        }
    }

    private string[] Entries(string folder)
    {
        try
        {
            // A folder sorts as its name with the slash: 'a-b' comes before 'a/b', as in a flat list of keys.
            return new DirectoryInfo(FileOf(folder))
                .EnumerateFileSystemInfos()
                .Where(entry => entry.Name != StoreKey.ReservedSegment)
                .Select(entry => IsFolder(entry) ? entry.Name + "/" : entry.Name)
                .OrderBy(name => Encoding.UTF8.GetBytes(name), Utf8Order.Instance)
                .ToArray();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception fault) when (LocalFaults.IsFault(fault))
        {
            throw LocalFaults.Describe(location, folder, 0, fault);
        }
    }

    private static bool IsFolder(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.Directory);

    private string? FileAbove(string key)
    {
        for (var slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
        {
            if (File.Exists(FileOf(key[..slash])))
                return key[..slash];
        }
        return null;
    }
}
