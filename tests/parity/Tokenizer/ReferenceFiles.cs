using System.Text.Json;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>The stored reference numbers of tests/parity/reference, found from wherever the tests were built.</summary>
internal static class ReferenceFiles
{
    public static string CheckoutPath { get; } = FindCheckout();

    public static string Folder { get; } = System.IO.Path.Combine(CheckoutPath, "tests", "parity", "reference");

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static IEnumerable<JsonElement> JsonLines(string name)
    {
        foreach (string line in File.ReadLines(Path(name)))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CodeParrot.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("CodeParrot.sln stands above none of the test's folders");
    }
}
