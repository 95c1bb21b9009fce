using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Documents;

/// <summary>A document as a line of a document shard, in BigQuery's field names.</summary>
internal sealed record DocumentLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = CorpusJson.Line.Encoder };

    [JsonPropertyName("repo_name")]
    public string RepoName { get; init; } = "";

    [JsonPropertyName("path")]
    public string Path { get; init; } = "";

    [JsonPropertyName("license")]
    public string License { get; init; } = "";

    [JsonPropertyName("copies")]
    public long Copies { get; init; }

    [JsonPropertyName("content")]
    public string Content { get; init; } = "";

    [JsonPropertyName("ids")]
    public int[] Ids { get; init; } = [];

    [JsonPropertyName("line")]
    public long Line { get; init; }

    /// <summary>Returns the line of a document, its end included.</summary>
    public static ReadOnlyMemory<byte> Write(RawDocument raw, string content)
    {
        var bytes = new ArrayBufferWriter<byte>(content.Length + 256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("repo_name", raw.RepoName);
            json.WriteString("path", raw.Path);
            json.WriteString("license", raw.License);
            if (raw.Copies > 0)
                json.WriteNumber("copies", raw.Copies);
            json.WriteString("content", content);
            json.WriteEndObject();
        }
        bytes.Write("\n"u8);
        return bytes.WrittenMemory;
    }

    /// <summary>Returns the line of ready-made ids, its end included.</summary>
    public static ReadOnlyMemory<byte> Write(string file, long line, int[] ids)
    {
        var bytes = new ArrayBufferWriter<byte>((ids.Length * 6) + 64);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("path", file);
            json.WriteNumber("line", line);
            json.WriteStartArray("ids");
            foreach (var id in ids)
                json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        bytes.Write("\n"u8);
        return bytes.WrittenMemory;
    }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not one that <c>Write</c> wrote.</exception>
    public static Document Read(string line)
    {
        var read =
            JsonSerializer.Deserialize<DocumentLine>(line, CorpusJson.Line)
            ?? throw new JsonException("a document is missing");
        return new Document
        {
            RepoName = read.RepoName,
            Path = read.Path,
            License = read.License,
            Copies = read.Copies,
            Content = read.Content,
            Ids = read.Ids,
            Line = read.Line,
        };
    }
}
