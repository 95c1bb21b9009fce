using System.Globalization;
using System.Text;

namespace CodeParrot.Contract.Yaml;

/// <summary>Durations in Kubernetes' notation: <c>10m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
public static class Durations
{
    /// <summary>
    /// Longest duration that is one, about a century: whoever adds it to a time of today gets a time.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads a duration.</summary>
    /// <returns>False if the text is none.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        if (rest.Length == 0)
        {
            return false;
        }

        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }

            if (
                !double.TryParse(
                    rest[..digits],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var n
                )
            )
            {
                return false;
            }

            rest = rest[digits..];
            var found = false;
            foreach (var (unit, length) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    if (n > (Longest - duration) / length)
                    {
                        return false;
                    }

                    duration += length * n;
                    rest = rest[unit.Length..];
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a duration so that <see cref="TryParse"/> reads the same value, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        Append(text, (long)duration.TotalHours, "h");
        Append(text, duration.Minutes, "m");
        Append(text, duration.Seconds, "s");
        Append(text, duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count != 0)
        {
            text.Append(count).Append(unit);
        }
    }
}
