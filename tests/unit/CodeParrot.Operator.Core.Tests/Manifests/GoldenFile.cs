using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Operator.Core.Tests.Manifests;

/// <summary>Manifests as committed files, for people to read; GOLDEN=write writes them anew.</summary>
internal static class GoldenFile
{
    public static void Check(string name, JsonObject manifest, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Folder(caller), name + ".yaml");
        var text = YamlText.Write(manifest);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run the tests with GOLDEN=write, and read what they wrote");
        Assert.Equal(File.ReadAllText(path), text);
    }

    // Paths of callers are cut down to the repository's in deterministic builds.
    private static string Folder(string caller)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CodeParrot.sln")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException("no CodeParrot.sln above the tests");
        }

        var tests = caller[caller.LastIndexOf("tests/unit/", StringComparison.Ordinal)..];
        return Path.Combine(root.FullName, Path.GetDirectoryName(tests)!, "Golden");
    }
}
