using System.Security.Cryptography;
using System.Text.Unicode;

namespace CodeParrot.Benchmarks.Tokenizer;

/// <summary>
/// Picks a corpus from a tree of Python files: each content once, valid UTF-8 only, in the order of their digests.
/// </summary>
internal static class PythonSources
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>Writes the paths of files of some <paramref name="bytes"/> bytes together, one a line.</summary>
    public static void Gather(string folder, long bytes, string list)
    {
        var chosen = new SortedDictionary<string, (string Path, long Bytes)>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*.py", SearchOption.AllDirectories))
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null || file.Length is 0 or > MaxFileBytes)
            {
                continue;
            }

            byte[] content = File.ReadAllBytes(path);
            string digest = Convert.ToHexString(SHA256.HashData(content));
            // Copies differ by path only: the smallest path is kept, whatever the file system's order.
            if (Utf8.IsValid(content) && (!chosen.TryGetValue(digest, out var known) || Less(path, known.Path)))
            {
                chosen[digest] = (path, file.Length);
            }
        }

        long sum = 0;
        var files = chosen.Values.TakeWhile(file => (sum += file.Bytes) <= bytes).ToList();
        File.WriteAllLines(list, files.Select(file => file.Path));
        Console.WriteLine($"corpus: {files.Count} files, {files.Sum(file => file.Bytes) / 1e6:F1} MB of Python");
    }

    private static bool Less(string left, string right) => string.CompareOrdinal(left, right) < 0;
}
