using System.Text.Json;

namespace CodeParrot.Evaluation;

/// <summary>Reads JSON lines <c>{"ids": […]}</c>, each line one sequence; blank lines count but hold none.</summary>
internal static class TokensFile
{
    /// <summary>The sequences with their lines, lazily.</summary>
    /// <exception cref="TokensFileException">The file cannot be read, or a line is not of this form.</exception>
    public static IEnumerable<(long Line, long[] Ids)> Read(string file)
    {
        using var lines = Lines(file).GetEnumerator();
        for (long line = 1; Next(lines, file, line); line++)
        {
            if (!string.IsNullOrWhiteSpace(lines.Current))
            {
                yield return (line, Parse(lines.Current, file, line));
            }
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokensFileException(file, 0, $"cannot be read: {e.Message}", e);
        }
    }

    private static bool Next(IEnumerator<string> lines, string file, long line)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokensFileException(file, line, $"cannot be read: {e.Message}", e);
        }
    }

    private static long[] Parse(string text, string file, long line)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("ids", out var array)
                || array.ValueKind != JsonValueKind.Array
            )
            {
                throw new TokensFileException(
                    file,
                    line,
                    "has no array \"ids\": each line must be {\"ids\": [1, 2, …]}"
                );
            }

            var ids = new long[array.GetArrayLength()];
            var index = 0;
            foreach (var element in array.EnumerateArray())
            {
                if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out ids[index]))
                {
                    throw new TokensFileException(file, line, $"ids[{index}]: must be a whole number, was {element}");
                }

                index++;
            }

            return ids;
        }
        catch (JsonException e)
        {
            throw new TokensFileException(file, line, $"is not JSON: {e.Message}", e);
        }
    }
}
