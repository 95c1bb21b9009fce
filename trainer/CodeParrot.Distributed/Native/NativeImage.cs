using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Native;

/// <summary>Finds a library that came with CUDA's libtorch, by whatever name and place that package gave it.</summary>
internal static class NativeImage
{
    private const string LoadedImages = "/proc/self/maps";

    /// <summary>Loads a library; 0 if there is none.</summary>
    /// <param name="stem">
    /// How the file's name begins, such as <c>libcudart</c>. An image that this process has loaded comes first: it is
    /// the one that torch uses, and packages put a digest into its name.
    /// </param>
    /// <param name="names">Names that the system's loader is asked for, in order.</param>
    public static nint Load(string stem, ReadOnlySpan<string> names)
    {
        if (FindLoaded(stem) is { } path && NativeLibrary.TryLoad(path, out var loaded))
        {
            return loaded;
        }

        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out loaded))
            {
                return loaded;
            }
        }

        return 0;
    }

    /// <summary>Path of an image of this process whose name begins with the stem; null for none.</summary>
    public static string? FindLoaded(string stem)
    {
        if (!File.Exists(LoadedImages))
        {
            return null;
        }

        foreach (var line in File.ReadLines(LoadedImages))
        {
            // address, permissions, offset, device, inode, path
            var start = line.IndexOf('/');
            var file = start < 0 ? default : Path.GetFileName(line.AsSpan(start));
            if (file.StartsWith(stem, StringComparison.Ordinal) && file[stem.Length..] is ['.' or '-', ..])
            {
                return line[start..];
            }
        }

        return null;
    }
}
