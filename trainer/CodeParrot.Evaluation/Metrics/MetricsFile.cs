using System.Text.Json;

namespace CodeParrot.Evaluation.Metrics;

/// <summary>
/// Reads metrics.jsonl: one JSON object a line, with the names of the book; other names are passed over.
/// </summary>
public static class MetricsFile
{
    /// <summary>All lines in the file's order; blank lines hold no row.</summary>
    /// <exception cref="MetricsFileException">
    /// The file cannot be read, or a line is not a JSON object with whole numbers <c>steps</c> and <c>tokens</c>.
    /// </exception>
    public static IReadOnlyList<MetricsRow> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            var rows = new List<MetricsRow>();
            long line = 0;
            foreach (var text in File.ReadLines(path))
            {
                line++;
                if (!string.IsNullOrWhiteSpace(text))
                {
                    rows.Add(Parse(text, path, line));
                }
            }

            return rows;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricsFileException(path, 0, $"cannot be read: {e.Message}", e);
        }
    }

    private static MetricsRow Parse(string text, string path, long line)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new MetricsFileException(path, line, "is not a JSON object");
            }

            return new(Count("steps"), Count("tokens"), Loss("loss/train"), Loss("loss/eval"));

            long Count(string name) =>
                json.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.Number
                && value.TryGetInt64(out var count)
                    ? count
                    : throw new MetricsFileException(
                        path,
                        line,
                        $"{name}: must be a whole number, is missing or other"
                    );

            double? Loss(string name) =>
                json.RootElement.TryGetProperty(name, out var value) ? Number(value, name, path, line) : null;
        }
        catch (JsonException e)
        {
            throw new MetricsFileException(path, line, $"is not JSON: {e.Message}", e);
        }
    }

    // JSON has no numbers that are not finite: writers spell them as strings or as null.
    private static double? Number(JsonElement value, string name, string path, long line) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when value.GetString() is "NaN" => double.NaN,
            JsonValueKind.String when value.GetString() is "Infinity" => double.PositiveInfinity,
            _ => throw new MetricsFileException(path, line, $"{name}: must be a number, was {value}"),
        };
}
