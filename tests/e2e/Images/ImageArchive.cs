using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace CodeParrot.EndToEnd.Tests.Images;

/// <summary>A docker-archive: an image's configuration, and the files of its layers.</summary>
/// <param name="Config">The image's configuration.</param>
/// <param name="Files">Mode and owner of every file, by its path without a slash in front.</param>
/// <param name="Texts">Small JSON files of the program, by path.</param>
internal sealed record ImageArchive(
    JsonObject Config,
    IReadOnlyDictionary<string, (UnixFileMode Mode, int Uid)> Files,
    IReadOnlyDictionary<string, string> Texts
)
{
    private const int MaxTextBytes = 1 << 20;

    /// <summary>Reads one.</summary>
    public static async Task<ImageArchive> ReadAsync(string path)
    {
        var texts = new Dictionary<string, string>();
        var layers = new Dictionary<string, List<(TarEntry Entry, string? Text)>>();
        await using var file = File.OpenRead(path);
        await using var archive = new TarReader(file);
        while (await archive.GetNextEntryAsync() is { } entry)
        {
            if (entry.DataStream is not { } data)
            {
                continue;
            }

            if (entry.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                layers[entry.Name] = await ReadLayerAsync(data);
            }
            else
            {
                using var reader = new StreamReader(data, leaveOpen: true);
                texts[entry.Name] = await reader.ReadToEndAsync();
            }
        }

        var manifest = JsonNode.Parse(texts["manifest.json"])!.AsArray().Single()!.AsObject();
        var files = new Dictionary<string, (UnixFileMode, int)>();
        var programs = new Dictionary<string, string>();
        foreach (var (entry, text) in manifest["Layers"]!.AsArray().SelectMany(l => layers[(string)l!]))
        {
            var name = Clean(entry.Name);
            files[name] = (entry.Mode, entry.Uid);
            if (text is not null)
            {
                programs[name] = text;
            }
        }

        var config = JsonNode.Parse(texts[(string)manifest[nameof(Config)]!])!.AsObject();
        return new ImageArchive(config, files, programs);
    }

    private static async Task<List<(TarEntry Entry, string? Text)>> ReadLayerAsync(Stream data)
    {
        var entries = new List<(TarEntry, string?)>();
        await using var layer = new TarReader(data, leaveOpen: true);
        while (await layer.GetNextEntryAsync() is { } entry)
        {
            string? text = null;
            if (entry.DataStream is { Length: < MaxTextBytes } small && IsText(entry.Name))
            {
                using var reader = new StreamReader(small, leaveOpen: true);
                text = await reader.ReadToEndAsync();
            }

            entries.Add((entry, text));
        }

        return entries;
    }

    private static bool IsText(string name) =>
        Clean(name).StartsWith("app/", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal);

    private static string Clean(string name) => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
}
