using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Operator.Watching;

/// <summary>Reads texts through a pool.</summary>
/// <param name="pool">Where equal texts are one.</param>
internal sealed class PooledTextConverter(TextPool pool) : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? pool.Of(ref reader)
            : throw new JsonException($"a text was expected, found {reader.TokenType}");

    /// <inheritdoc/>
    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => pool.Of(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}
