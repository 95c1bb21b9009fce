using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Contract.Spec;

/// <summary>Quantities as texts; a server also hands out the plain numbers that a user wrote.</summary>
internal sealed class QuantityJsonConverter : JsonConverter<Quantity>
{
    /// <inheritdoc/>
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString() ?? "",
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        return Quantity.TryParse(text, out _)
            ? new Quantity(text)
            : throw new JsonException($"'{text}' is no quantity such as 500m or 8Gi");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
