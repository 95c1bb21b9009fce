using System.Text.Json;

namespace CodeParrot.Model.HuggingFace;

/// <summary>Reads fields of a <c>config.json</c> and collects what is missing or not supported.</summary>
internal sealed class ConfigReader(JsonElement root)
{
    /// <summary>All mistakes so far.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>A required integer; 0 and a mistake where it is missing.</summary>
    public int Integer(string field)
    {
        if (Find(field) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number))
        {
            return number;
        }

        Errors.Add($"{field}: must be an integer");
        return 0;
    }

    /// <summary>An optional number; null counts as missing.</summary>
    public double Number(string field, double missing) => Find(field)?.GetDouble() ?? missing;

    /// <summary>An optional flag.</summary>
    public bool Flag(string field, bool missing) => Find(field)?.GetBoolean() ?? missing;

    /// <summary>An optional flag of which only one value is supported.</summary>
    public void ExpectFlag(string field, bool expected)
    {
        if (Flag(field, expected) != expected)
        {
            Errors.Add($"{field}: must be {(expected ? "true" : "false")}, other variants of GPT-2 are not supported");
        }
    }

    /// <summary>An optional word of which only some values are supported.</summary>
    public void Expect(string field, params string[] supported)
    {
        var value = Find(field)?.GetString();
        if (value is not null && !supported.Contains(value, StringComparer.Ordinal))
        {
            Errors.Add($"{field}: must be {string.Join(" or ", supported)}, was {value}");
        }
    }

    private JsonElement? Find(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
