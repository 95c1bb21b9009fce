namespace CodeParrot.Evaluation.Tests;

/// <summary>The folder of the reference tokenizer, found from the test's own folder upwards.</summary>
internal static class ReferenceFolder
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "tests", "parity", "reference");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"no tests/parity/reference above {start}");
    }
}
