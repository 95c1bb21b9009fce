using System.Text.Unicode;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>Real Python sources of this machine's standard library.</summary>
internal static class PythonFiles
{
    /// <summary>
    /// Paths of UTF-8 files of some <paramref name="bytes"/> bytes together; the test is skipped without Python.
    /// </summary>
    public static List<string> Take(long bytes)
    {
        long sum = 0;
        var files = Roots()
            .SelectMany(root => Directory.EnumerateFiles(root, "*.py", SearchOption.AllDirectories))
            .Where(path => new FileInfo(path) is { LinkTarget: null, Length: > 0 and < 1 << 20 })
            .Order(StringComparer.Ordinal)
            .Where(path => Utf8.IsValid(File.ReadAllBytes(path)))
            .TakeWhile(path => (sum += new FileInfo(path).Length) <= bytes)
            .ToList();
        if (files.Count == 0 && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("no Python sources: install python3");
        }

        Assert.NotEmpty(files);
        return files;
    }

    private static IEnumerable<string> Roots() =>
        Directory.Exists("/usr/lib")
            ? Directory.EnumerateDirectories("/usr/lib", "python3*").Order(StringComparer.Ordinal)
            : [];
}
