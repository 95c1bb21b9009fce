using System.Globalization;
using System.Text.Json.Serialization;

namespace CodeParrot.Contract.Spec;

/// <summary>A Kubernetes quantity that is not negative: <c>500m</c>, <c>8Gi</c>, <c>1</c>.</summary>
/// <param name="Text">As it is written.</param>
[JsonConverter(typeof(QuantityJsonConverter))]
public sealed record Quantity(string Text)
{
    /// <summary>What <see cref="TryParse"/> takes, apart from numbers that are too large.</summary>
    public const string Pattern =
        "^[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?$";

    private static readonly (string Suffix, decimal Factor)[] Units =
    [
        ("Ki", 1L << 10),
        ("Mi", 1L << 20),
        ("Gi", 1L << 30),
        ("Ti", 1L << 40),
        ("Pi", 1L << 50),
        ("Ei", 1L << 60),
        ("n", 1e-9m),
        ("u", 1e-6m),
        ("m", 1e-3m),
        ("k", 1e3m),
        ("M", 1e6m),
        ("G", 1e9m),
        ("T", 1e12m),
        ("P", 1e15m),
        ("E", 1e18m),
    ];

    /// <summary>The number.</summary>
    /// <exception cref="FormatException">The text is no quantity.</exception>
    public decimal Value =>
        TryParse(Text, out var value) ? value : throw new FormatException($"'{Text}' is no quantity such as 8Gi");

    /// <summary>Reads a quantity.</summary>
    /// <returns>False if the text is none, or too large a number.</returns>
    public static bool TryParse(string text, out decimal value)
    {
        var (suffix, factor) = Array.Find(Units, u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        // A unit and an exponent exclude each other, and a sign before the number can only be a plus.
        var style = NumberStyles.AllowDecimalPoint | (suffix is null ? NumberStyles.AllowExponent : NumberStyles.None);
        var number = text.AsSpan(text.StartsWith('+') ? 1 : 0);
        if (!decimal.TryParse(number[..^(suffix?.Length ?? 0)], style, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (suffix is null)
        {
            return true;
        }

        if (factor > 1 && value > decimal.MaxValue / factor)
        {
            return false;
        }

        value *= factor;
        return true;
    }

    /// <summary>The sum, in the largest binary unit that holds it exactly.</summary>
    public Quantity Plus(Quantity other)
    {
        var sum = Value + other.Value;
        var (suffix, factor) = Units
            .Where(u => u.Suffix.EndsWith('i') && sum > 0 && sum % u.Factor == 0)
            .LastOrDefault(("", 1));
        return new Quantity((sum / factor).ToString("0.#########", CultureInfo.InvariantCulture) + suffix);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
