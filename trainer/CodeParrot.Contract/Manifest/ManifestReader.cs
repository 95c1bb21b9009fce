using System.Text.Json.Nodes;
using CodeParrot.Contract.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CodeParrot.Contract.Manifest;

/// <summary>
/// Reads a TrainingRun manifest (YAML, or JSON as a part of it) strictly: unknown fields are mistakes.
/// </summary>
public static class ManifestReader
{
    /// <summary>Reads a file, applies overrides, and checks everything.</summary>
    /// <param name="path">The manifest.</param>
    /// <param name="overrides">Assignments <c>path=value</c>; <c>spec.</c> in front may be left out.</param>
    /// <returns>The manifest as written, with defaults where nothing is written; not yet resolved.</returns>
    /// <exception cref="ManifestException">The file is missing, is not YAML, or has mistakes: all of them.</exception>
    public static RunManifest ReadFile(string path, IEnumerable<string>? overrides = null)
    {
        return Read(TextOf(path), path, overrides);
    }

    /// <summary>The fields as they are written, with overrides, and nothing that is left out.</summary>
    /// <param name="path">A manifest that <see cref="ReadFile"/> finds no mistake in.</param>
    /// <param name="overrides">Assignments <c>path=value</c>.</param>
    /// <exception cref="ManifestException">The file cannot be read, or an assignment makes no sense.</exception>
    public static JsonObject ReadFields(string path, IEnumerable<string> overrides)
    {
        var mistakes = new List<SpecMistake>();
        var root = Parse(TextOf(path), path, overrides, mistakes);
        return mistakes.Count == 0 ? YamlJson.ToJson(root)!.AsObject() : throw new ManifestException(path, mistakes);
    }

    /// <summary>Reads a manifest from text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="source">What messages call the text.</param>
    /// <param name="overrides">Assignments <c>path=value</c>.</param>
    /// <exception cref="ManifestException">The text has mistakes: all of them.</exception>
    public static RunManifest Read(string text, string source, IEnumerable<string>? overrides = null)
    {
        var mistakes = new List<SpecMistake>();
        var root = Parse(text, source, overrides ?? [], mistakes);
        var binder = new YamlBinder(mistakes);
        var manifest = binder.Bind<RunManifest>(root, ["status", "metadata.*"]);
        mistakes.AddRange(ManifestValidator.Validate(manifest).Where(m => mistakes.All(b => b.Path != m.Path)));
        return mistakes.Count == 0 ? manifest : throw new ManifestException(source, mistakes);
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException(path, [new SpecMistake("", $"cannot be read: {e.Message}")]);
        }
    }

    private static YamlMappingNode Parse(
        string text,
        string source,
        IEnumerable<string> overrides,
        List<SpecMistake> mistakes
    )
    {
        var root = Parse(text, source);
        foreach (var assignment in overrides)
        {
            YamlOverride.Apply(root, assignment, mistakes);
        }

        return root;
    }

    private static YamlMappingNode Parse(string text, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            var message = $"is not valid YAML at line {e.Start.Line}, column {e.Start.Column}: {e.Message}";
            throw new ManifestException(source, [new SpecMistake("", message)]);
        }

        if (stream.Documents.Count != 1)
        {
            var message = $"must hold one YAML document, holds {stream.Documents.Count}";
            throw new ManifestException(source, [new SpecMistake("", message)]);
        }

        return stream.Documents[0].RootNode as YamlMappingNode
            ?? throw new ManifestException(
                source,
                [new SpecMistake("", "must be a mapping that begins with apiVersion")]
            );
    }
}
