using System.Text.Json;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Readers;

/// <summary>Reads lines of ready-made ids, <c>{"ids": [...]}</c>.</summary>
internal sealed class TokenLineParser : ILineParser
{
    public void Parse(string file, long line, ReadOnlySpan<byte> text, BatchResult result)
    {
        try
        {
            if (Read(text, out var ids) is { } complaint)
                result.Bad.Add(new BadInput(file, line, complaint));
            else
                result.Kept.Add(KeptDocument.OfIds(file, line, ids));
        }
        catch (JsonException fault)
        {
            result.Bad.Add(new BadInput(file, line, $"not a JSON object ({fault.Message})"));
        }
    }

    /// <summary>Reads a line, or returns what is wrong with it.</summary>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    private static string? Read(ReadOnlySpan<byte> text, out int[] ids)
    {
        ids = [];
        var found = new List<int>();
        var hasIds = false;
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "not a JSON object";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIds = reader.ValueTextEquals("ids"u8);
            reader.Read();
            if (!isIds || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }
            hasIds = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
                    return $"id {found.Count} is not a whole number from 0";
                found.Add(id);
            }
        }
        reader.Read();
        ids = [.. found];
        return found.Count > 0 ? null
            : hasIds ? "has no ids"
            : "has no list in a field 'ids'";
    }
}
