using System.Buffers.Binary;
using Google.Protobuf;

namespace CodeParrot.Training.Metrics;

/// <summary>
/// A file of scalars that TensorBoard reads: length, checksum and an Event message a record. Each attempt has a file of
/// its own, which tells TensorBoard to drop what earlier files hold of later steps. (TorchSharp's writer dates the
/// first event, and the file, in .NET's ticks.)
/// </summary>
internal sealed class EventFile : IDisposable
{
    // Field numbers of tensorflow's event.proto and summary.proto.
    private const int WallTimeField = 1;
    private const int StepField = 2;
    private const int FileVersionField = 3;
    private const int SummaryField = 5;
    private const int SessionLogField = 7;
    private const int SummaryValueField = 1;
    private const int ValueTagField = 1;
    private const int ValueSimpleField = 2;
    private const int SessionStatusField = 1;
    private const int SessionStart = 1;

    private readonly FileStream _file;

    private EventFile(FileStream file)
    {
        _file = file;
    }

    /// <summary>Gets the file's name.</summary>
    public string Name => Path.GetFileName(_file.Name);

    /// <summary>Creates the file of an attempt.</summary>
    /// <param name="folder">The rank's work folder.</param>
    /// <param name="attempt">Number of the attempt.</param>
    /// <param name="firstStep">First step that will follow.</param>
    /// <param name="now">Time of the first event, which the name begins with.</param>
    public static EventFile Create(string folder, int attempt, long firstStep, DateTimeOffset now)
    {
        var path = Path.Combine(folder, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.a{attempt}");
        var file = new EventFile(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite));
        file.Append(now, step: 0, e => WriteText(e, FileVersionField, "brain.Event:2"));
        file.Append(
            now,
            firstStep,
            e =>
                WriteMessage(
                    e,
                    SessionLogField,
                    log =>
                    {
                        log.WriteTag(SessionStatusField, WireFormat.WireType.Varint);
                        log.WriteEnum(SessionStart);
                    }
                )
        );
        file._file.Flush();
        return file;
    }

    /// <summary>Appends the scalars of a step.</summary>
    public void Append(MetricsRow row)
    {
        Append(
            row.Time,
            row.Steps,
            e =>
                WriteMessage(
                    e,
                    SummaryField,
                    summary =>
                    {
                        foreach (var (name, value) in row.Scalars())
                        {
                            WriteMessage(summary, SummaryValueField, v => WriteScalar(v, name, value));
                        }
                    }
                )
        );
        _file.Flush();
    }

    /// <summary>Returns the content so far.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[_file.Length];
        RandomAccess.Read(_file.SafeFileHandle, bytes, 0);
        return bytes;
    }

    public void Dispose() => _file.Dispose();

    private void Append(DateTimeOffset time, long step, Action<CodedOutputStream> content)
    {
        var data = Message(e =>
        {
            e.WriteTag(WallTimeField, WireFormat.WireType.Fixed64);
            e.WriteDouble(time.ToUnixTimeMilliseconds() / 1000.0);
            e.WriteTag(StepField, WireFormat.WireType.Varint);
            e.WriteInt64(step);
            content(e);
        });
        Span<byte> header = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Crc32C.Masked(header[..sizeof(ulong)]));
        Span<byte> footer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Crc32C.Masked(data));
        _file.Write(header);
        _file.Write(data);
        _file.Write(footer);
    }

    private static void WriteScalar(CodedOutputStream value, string name, double number)
    {
        WriteText(value, ValueTagField, name);
        value.WriteTag(ValueSimpleField, WireFormat.WireType.Fixed32);
        value.WriteFloat((float)number);
    }

    private static void WriteText(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(content)));
    }

    private static byte[] Message(Action<CodedOutputStream> content)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            content(output);
        }
        return buffer.ToArray();
    }
}
