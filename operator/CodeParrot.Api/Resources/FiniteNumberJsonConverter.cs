using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Api.Resources;

/// <summary>
/// Numbers that are none (a diverged loss) as null, which an API server drops: by the contract's rules they would be
/// texts, and a server refuses a status with a text for a number.
/// </summary>
internal sealed class FiniteNumberJsonConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new JsonException($"'{text}' is no number");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
