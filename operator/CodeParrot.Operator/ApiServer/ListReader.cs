using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace CodeParrot.Operator.ApiServer;

/// <summary>
/// Reads a list object by object. Read as one value, a page of pods would be a megabyte in one piece twice over; those
/// pieces are what a restart's memory came from, because the collector neither moves them nor gives them back soon.
/// </summary>
internal static class ListReader
{
    // Below what counts as a large object, so that the pool's buffers are ordinary ones.
    private const int BufferBytes = 32 * 1024;

    /// <summary>The page in a stream.</summary>
    /// <exception cref="JsonException">It is no JSON, or no list.</exception>
    public static async Task<ListPage> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 8, leaveOpen: true)
        );
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.IsCompleted)
                {
                    return Parse(read.Buffer);
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static ListPage Parse(ReadOnlySequence<byte> text)
    {
        var json = new Utf8JsonReader(text);
        JsonElement metadata = default;
        var items = new List<JsonElement>();
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isItems, isMetadata) = (json.ValueTextEquals("items"u8), json.ValueTextEquals("metadata"u8));
            json.Read();
            if (isMetadata)
            {
                metadata = JsonElement.ParseValue(ref json);
            }
            else if (isItems && json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(JsonElement.ParseValue(ref json));
                }
            }
            else
            {
                json.Skip();
            }
        }

        Expect(metadata.ValueKind == JsonValueKind.Object);
        return new ListPage(items, Text(metadata, "resourceVersion"), Text(metadata, "continue"));
    }

    private static void Expect(bool isList)
    {
        if (!isList)
        {
            throw new JsonException("the answer is no list");
        }
    }

    private static string Text(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            ? found.GetString() ?? ""
            : "";
}
