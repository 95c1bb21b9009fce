namespace CodeParrot.Corpus.Readers;

/// <summary>What is asked of single files on disk.</summary>
internal static class LocalFiles
{
    /// <summary>Describes a file, a link's target when it is one.</summary>
    public static SourceObject Describe(FileInfo file, string key)
    {
        try
        {
            if (IsLink(file))
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists
                ? new SourceObject(key, file.Length, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}")
                : new SourceObject(key, -1, "", "a link to a file that does not exist");
        }
        catch (Exception fault) when (IsFault(fault))
        {
            return new SourceObject(key, -1, "", fault.Message);
        }
    }

    /// <summary>Returns whether a name stands for another path.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Returns whether an exception is one that a disk or its permissions cause.</summary>
    public static bool IsFault(Exception fault) => fault is IOException or UnauthorizedAccessException;

    /// <summary>Returns a path with every link in it resolved.</summary>
    public static string RealPath(string path)
    {
        var real = "/";
        foreach (var name in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            var folder = new DirectoryInfo(real);
            // A link may lead to a path that has links in it again; the kernel has checked that this ends.
            if (folder.LinkTarget is not null && folder.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }
        return real;
    }
}
