using System.Text.Json;
using System.Text.Json.Serialization;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Api.Resources;

/// <summary>Durations as <c>5m</c>, the notation of the manifest, instead of .NET's own.</summary>
internal sealed class DurationJsonConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        return Durations.TryParse(text, out var duration)
            ? duration
            : throw new JsonException($"'{text}' is no duration such as 30s or 10m");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Durations.Format(value));
}
