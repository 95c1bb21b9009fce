using System.Text.Json;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// Reads lines with BigQuery's fields: repo_name, path, copies, size, content, license; others are passed over.
/// </summary>
internal sealed class DocumentLineParser(DocumentInspector inspector) : ILineParser
{
    public void Parse(string file, long line, ReadOnlySpan<byte> text, BatchResult result)
    {
        try
        {
            if (Read(text, out var raw) is { } complaint)
                result.Bad.Add(new BadInput(file, line, complaint));
            else if (raw.Content is null)
                result.Drop(DropReason.InvalidUtf8);
            else
                inspector.Inspect(raw, result);
        }
        catch (JsonException fault)
        {
            result.Bad.Add(new BadInput(file, line, $"not a JSON object ({fault.Message})"));
        }
    }

    private static string? Read(ReadOnlySpan<byte> text, out RawDocument raw)
    {
        raw = new RawDocument();
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "not a JSON object";
        var hasContent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                hasContent = reader.TokenType == JsonTokenType.String;
                if (!hasContent)
                    reader.Skip();
                else
                    raw = raw with { Content = TextOf(ref reader) };
            }
            else if (reader.ValueTextEquals("repo_name"u8))
                raw = raw with { RepoName = NextText(ref reader) };
            else if (reader.ValueTextEquals("path"u8))
                raw = raw with { Path = NextText(ref reader) };
            else if (reader.ValueTextEquals("license"u8))
                raw = raw with { License = NextText(ref reader) };
            else if (reader.ValueTextEquals("copies"u8))
                raw = raw with { Copies = long.TryParse(NextText(ref reader), out var copies) ? copies : 0 };
            else
                reader.Skip();
        }
        reader.Read();
        return hasContent ? null : "has no text in a field 'content'";
    }

    // The dump writes its numbers as strings at times.
    private static string NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return TextOf(ref reader) ?? "";
        if (reader.TokenType == JsonTokenType.Number)
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        reader.Skip();
        return "";
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half of a surrogate pair: the line is JSON, its text is no text.
            return null;
        }
    }
}
