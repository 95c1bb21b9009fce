namespace CodeParrot.Storage.Local;

/// <summary>Turns what the operating system says into the store's own exceptions.</summary>
internal static class LocalFaults
{
    // .NET hands raw error numbers through on Unix, but not from a failed PreallocationSize, which is why none is used.
    private const int FileTooLarge = 27;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    public static T Guard<T>(StoreLocation location, string key, long sizeBytes, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw Describe(location, key, sizeBytes, fault);
        }
    }

    /// <summary>Returns whether an exception is the file system's, and not yet told in the store's terms.</summary>
    public static bool IsFault(Exception fault) => fault is IOException or UnauthorizedAccessException;

    /// <summary>Returns the store's exception for a fault of the file system.</summary>
    public static StoreException Describe(StoreLocation location, string key, long sizeBytes, Exception fault) =>
        fault switch
        {
            _ when IsFolder(location, key) => new StoreException(
                location,
                key,
                "is a folder of objects; a directory cannot hold an object of the same name, choose another key",
                fault
            ),
            UnauthorizedAccessException => Denied(location, key, fault),
            _ => (fault.HResult & 0xffff) switch
            {
                FileTooLarge or NoSpace or QuotaExceeded => new StoreFullException(location, key, sizeBytes, fault),
                ReadOnlyFileSystem => Denied(location, key, fault),
                _ => new StoreUnreachableException(
                    location,
                    key,
                    $"the file system failed: {fault.Message}; check the disk or the mount, then run again",
                    fault
                ),
            },
        };

    private static bool IsFolder(StoreLocation location, string key) =>
        key.Length > 0 && !key.EndsWith('/') && Directory.Exists(Path.Combine(location.Path, key));

    private static StoreAccessDeniedException Denied(StoreLocation location, string key, Exception fault) =>
        new(
            location,
            key,
            $"the file system refuses: {fault.Message}; give this user the right to the directory",
            fault
        );
}
