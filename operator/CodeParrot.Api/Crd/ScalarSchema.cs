using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Crd;

/// <summary>Schemas of texts, numbers, switches and times.</summary>
internal static class ScalarSchema
{
    private const int QuantityLength = 32;

    /// <summary>Writes type, format and names; false for a type that is no scalar.</summary>
    public static bool TryWrite(JsonObject node, Type type)
    {
        if (type.IsEnum)
        {
            node["type"] = "string";
            node["enum"] = Names(Enum.GetNames(type));
            return true;
        }

        if (type == typeof(Quantity))
        {
            node["x-kubernetes-int-or-string"] = true;
            node["maxLength"] = QuantityLength;
            node["pattern"] = Quantity.Pattern;
            return true;
        }

        (string Type, string? Format)? found =
            type == typeof(string) ? ("string", null)
            : type == typeof(TimeSpan) ? ("string", null)
            : type == typeof(DateTimeOffset) ? ("string", "date-time")
            : type == typeof(bool) ? ("boolean", null)
            : type == typeof(int) ? ("integer", "int32")
            : type == typeof(long) ? ("integer", "int64")
            : type == typeof(double) ? ("number", "double")
            : null;
        node["type"] = found?.Type;
        node["format"] = found?.Format;
        return found is not null;
    }

    /// <summary>Writes the bounds of a text or a number.</summary>
    public static void Bound(JsonObject node, FieldBounds bounds)
    {
        node["minimum"] = Number(bounds.Minimum);
        node["exclusiveMinimum"] = bounds.ExclusiveMinimum ? true : null;
        node["maximum"] = Number(bounds.Maximum);
        node["exclusiveMaximum"] = bounds.ExclusiveMaximum ? true : null;
        node["minLength"] = bounds.MinLength;
        node["maxLength"] = bounds.Names is null ? bounds.MaxLength : null;
        node["pattern"] = bounds.Pattern;
        node["enum"] = bounds.Names is null ? null : Names(bounds.Names);
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(n => JsonValue.Create(n))];

    // A whole number stands without a fraction or an exponent.
    private static JsonValue? Number(double? value) =>
        value is not { } number ? null
        : double.IsInteger(number) ? JsonValue.Create((long)number)
        : JsonValue.Create(number);
}
