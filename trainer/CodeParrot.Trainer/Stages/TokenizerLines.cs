using System.Text.Json;
using CodeParrot.Contract.Manifest;
using CodeParrot.Tokenizer;

namespace CodeParrot.Trainer.Stages;

/// <summary>Encodes JSON lines: <c>{"content": "…"}</c> in, <c>{"ids": […]}</c> out, in their order.</summary>
internal static class TokenizerLines
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Encodes to the end of the input. Special tokens are parsed, as the Hugging Face library does.</summary>
    /// <exception cref="ManifestException">A line is not such an object; names the line.</exception>
    public static async Task EncodeAsync(
        BpeTokenizer tokenizer,
        Stream input,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(input);
        await using var buffered = new BufferedStream(output, 1 << 16);
        // Lines are read while others are encoded; the encoder keeps their order.
        ManifestException? mistake = null;
        var documents = Documents(reader, e => mistake = e);
        var encoded = ParallelEncoder.Encode(
            tokenizer,
            documents,
            Environment.ProcessorCount,
            SpecialTokenHandling.Parsed
        );
        foreach (var ids in encoded)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteLine(buffered, ids);
        }

        // What stood before a bad line is good, and is not held back.
        await buffered.FlushAsync(cancellationToken);
        if (mistake is not null)
        {
            throw mistake;
        }
    }

    private static IEnumerable<string> Documents(StreamReader reader, Action<ManifestException> onMistake)
    {
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var (text, problem) = Content(line);
            if (text is null)
            {
                onMistake(Mistake(number, problem));
                yield break;
            }

            yield return text;
        }
    }

    private static (string? Text, string Problem) Content(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("content", out var content) && content.GetString() is { } text
                ? (text, "")
                : (null, "it has no content");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, e.Message);
        }
    }

    private static ManifestException Mistake(long number, string problem) =>
        new("standard input", [new SpecMistake($"line {number}", $"must be JSON with a text in content: {problem}")]);

    private static void WriteLine(Stream output, List<int> ids)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("ids");
            foreach (var id in ids)
            {
                writer.WriteNumberValue(id);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.Write(NewLine);
    }
}
