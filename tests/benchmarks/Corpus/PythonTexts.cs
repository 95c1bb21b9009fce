using System.Text;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Real Python of this machine, each text once, in the order of the paths.</summary>
internal static class PythonTexts
{
    /// <summary>Reads the files of 1 KB to 1 MB below some folders that are UTF-8.</summary>
    public static IEnumerable<string> Read(string[] folders)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (
            var path in folders
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.py", options))
                .Order(StringComparer.Ordinal)
        )
        {
            if (new FileInfo(path).Length is < 1024 or > 1 << 20)
            {
                continue;
            }

            string text;
            try
            {
                text = strict.GetString(File.ReadAllBytes(path));
            }
            catch (DecoderFallbackException)
            {
                continue;
            }

            if (seen.Add(text))
            {
                yield return text;
            }
        }
    }
}
