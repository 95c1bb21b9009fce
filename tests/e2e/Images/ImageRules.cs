using System.Text.Json.Nodes;

namespace CodeParrot.EndToEnd.Tests.Images;

/// <summary>What every image of ours promises.</summary>
internal static class ImageRules
{
    private const string Nobody = "65532:65532";
    private const UnixFileMode Privileged = UnixFileMode.SetUser | UnixFileMode.SetGroup;
    private const UnixFileMode Foreign = UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    private static readonly string[] _labels = ["title", "description", "licenses", "version", "revision", "created"];

    private static readonly string[] _tools =
    [
        "sh",
        "bash",
        "busybox",
        "apt",
        "apt-get",
        "dpkg",
        "cc",
        "gcc",
        "ld",
        "make",
        "dotnet",
        "python3",
        "createdump",
    ];

    /// <summary>Promises that an image breaks, a sentence each.</summary>
    /// <param name="image">The image.</param>
    /// <param name="program">Name of the program in it.</param>
    public static IReadOnlyList<string> Mistakes(ImageArchive image, string program) =>
        [.. OfConfig(image.Config["config"]!, program), .. OfFiles(image, program), .. OfPackages(image, program)];

    private static IEnumerable<string> OfConfig(JsonNode config, string program)
    {
        if ((string?)config["User"] != Nobody)
        {
            yield return $"runs as {config["User"]}";
        }

        if (config["Entrypoint"] is not JsonArray { Count: 1 } start || (string?)start[0] != $"/app/{program}")
        {
            yield return $"starts {config["Entrypoint"]?.ToJsonString()}";
        }

        var variables = config["Env"]?.AsArray().Select(v => (string)v!) ?? [];
        if (!variables.Any(v => v.StartsWith("PATH=/app:", StringComparison.Ordinal)))
        {
            yield return "does not find its program by name";
        }

        foreach (var label in _labels.Select(l => $"org.opencontainers.image.{l}"))
        {
            if (((string?)config["Labels"]?[label] ?? "").Length == 0)
            {
                yield return $"has no label {label}";
            }
        }
    }

    // Whoever gets into the program must find no tools, become nobody else, and change nothing of ours.
    private static IEnumerable<string> OfFiles(ImageArchive image, string program)
    {
        if (!image.Files.TryGetValue($"app/{program}", out var main) || !main.Mode.HasFlag(UnixFileMode.OtherExecute))
        {
            yield return $"cannot start /app/{program}";
        }

        foreach (var (path, (mode, uid)) in image.Files)
        {
            var isOurs = path.StartsWith("app/", StringComparison.Ordinal);
            if (_tools.Contains(path.Split('/')[^1]))
            {
                yield return $"holds the tool {path}";
            }

            if ((mode & Privileged) != UnixFileMode.None)
            {
                yield return $"{path} raises privileges";
            }

            if (isOurs && (uid != 0 || (mode & Foreign) != UnixFileMode.None))
            {
                yield return $"{path} can be changed";
            }
        }
    }

    // What the runtime loads by is written by the SDK, the list by us.
    private static IEnumerable<string> OfPackages(ImageArchive image, string program)
    {
        var loaded = JsonNode.Parse(image.Texts[$"app/{program}.deps.json"])!["libraries"]!
            .AsObject()
            .Where(l => (string?)l.Value!["type"] is "package" or "runtimepack")
            .Select(l => l.Key.Replace("runtimepack.", "", StringComparison.Ordinal).Replace('/', '@'));
        var components = JsonNode.Parse(image.Texts[$"app/{program}.cdx.json"])!["components"]!
            .AsArray()
            .ToDictionary(c => $"{c!["name"]}@{c["version"]}", c => c!);
        foreach (var package in loaded.Where(p => !components.ContainsKey(p)))
        {
            yield return $"does not list {package}";
        }

        foreach (var (package, listed) in components)
        {
            if (listed["licenses"] is null || ((string?)listed["hashes"]?[0]?["content"])?.Length != 128)
            {
                yield return $"lists {package} without licence or digest";
            }
        }
    }
}
