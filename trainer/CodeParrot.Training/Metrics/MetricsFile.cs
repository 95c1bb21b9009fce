using System.Buffers;
using System.Text.Json;

namespace CodeParrot.Training.Metrics;

/// <summary>
/// <c>metrics.jsonl</c> of a run, one line a step. The file of a run that was interrupted is that of an undisturbed
/// one, but for times and speeds: lines after the step that is gone on from are cut.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "metrics.jsonl";

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    private MetricsFile(FileStream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_line);
    }

    /// <summary>Opens the local file with the lines of an earlier one up to a step.</summary>
    /// <param name="folder">The rank's work folder.</param>
    /// <param name="earlier">Content of the run's file in the store; empty for none.</param>
    /// <param name="lastStep">Steps done; lines of later ones are cut.</param>
    public static MetricsFile Open(string folder, ReadOnlySpan<byte> earlier, long lastStep)
    {
        // Readable by others while it grows: people look at it.
        var path = Path.Combine(folder, FileName);
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Write(Cut(earlier, lastStep));
        file.Flush();
        return new MetricsFile(file);
    }

    /// <summary>Appends a line.</summary>
    public void Append(in MetricsRow row, ScalarList scalars)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("steps", row.Steps);
        _json.WriteNumber("samples", row.Samples);
        for (var i = 0; i < scalars.Count; i++)
        {
            _json.WriteNumber(scalars[i].Name, scalars[i].Value);
        }
        _json.WriteNumber("time", row.Time.ToUnixTimeMilliseconds() / 1000.0);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        _file.Write(_line.WrittenSpan);
        _file.Flush();
    }

    /// <summary>Returns the content so far.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[_file.Length];
        RandomAccess.Read(_file.SafeFileHandle, bytes, 0);
        return bytes;
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    /// <summary>Returns the lines up to a step. A torn last line, as a killed writer leaves it, is dropped.</summary>
    internal static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> content, long lastStep)
    {
        var end = 0;
        while (end < content.Length)
        {
            var length = content[end..].IndexOf((byte)'\n');
            if (length < 0 || !(StepOf(content.Slice(end, length)) <= lastStep))
            {
                break;
            }
            end += length + 1;
        }
        return content[..end];
    }

    private static long? StepOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var row = JsonDocument.ParseValue(ref reader);
            return row.RootElement.GetProperty("steps").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
