using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CodeParrot.Operator.ApiServer;

/// <summary>Reads a stream of JSON values, one a line.</summary>
internal static class JsonLines
{
    /// <summary>Every line as a value, as it comes; a last line without its end is dropped.</summary>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (line.Length > 1)
                    {
                        yield return Parse(line);
                    }
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static JsonElement Parse(ReadOnlySequence<byte> line)
    {
        var json = new Utf8JsonReader(line);
        try
        {
            return JsonElement.ParseValue(ref json);
        }
        catch (JsonException e)
        {
            throw new IOException("a line of the watch is no JSON", e);
        }
    }
}
