using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Corpus;

/// <summary>How the JSON objects of a corpus are written: camel case, indented, enumerations by name.</summary>
public static class CorpusJson
{
    /// <summary>The options of corpus.json and tokens.json.</summary>
    public static JsonSerializerOptions Manifest { get; } = Create(indented: true);

    /// <summary>The options of the lines of document shards.</summary>
    internal static JsonSerializerOptions Line { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = indented,
            NewLine = "\n",
            // Source code is full of quotes and angle brackets, and nothing here is pasted into a page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter() },
        };
}
