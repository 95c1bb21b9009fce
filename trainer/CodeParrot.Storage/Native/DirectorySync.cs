using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CodeParrot.Storage.Native;

/// <summary>
/// Makes a directory's entries durable. .NET opens no directories, and without this a file renamed into place can be
/// gone after a power cut although its bytes were flushed.
/// </summary>
internal static partial class DirectorySync
{
    private const int OpenDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC
    private const int NoSuchEntry = 2; // ENOENT
    private const int InvalidArgument = 22; // EINVAL: the file system has no such flush

    /// <exception cref="DirectoryNotFoundException">The directory is gone.</exception>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void Flush(string directory)
    {
        using var handle = Open(directory, OpenDirectory, 0);
        if (handle.IsInvalid)
            throw Failure(directory, Marshal.GetLastPInvokeError());
        if (Sync(handle) != 0 && Marshal.GetLastPInvokeError() is var code and not InvalidArgument)
            throw Failure(directory, code);
    }

    private static IOException Failure(string directory, int code) =>
        code == NoSuchEntry
            ? new DirectoryNotFoundException($"the directory '{directory}' is gone")
            : new IOException(
                $"cannot flush the directory '{directory}': {Marshal.GetPInvokeErrorMessage(code)}",
                code
            );

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle handle);
}
