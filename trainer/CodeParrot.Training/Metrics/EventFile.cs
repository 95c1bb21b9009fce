using System.Buffers.Binary;
using Google.Protobuf;

namespace CodeParrot.Training.Metrics;

/// <summary>
/// A file of scalars that TensorBoard reads: length, checksum and an Event message a record. Each attempt, and each new
/// rank 0 of one, has a file of its own, which tells TensorBoard to drop what earlier files hold of later steps.
/// (TorchSharp's writer dates the first event, and the file, in .NET's ticks.)
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

    // A step's scalars take about a kilobyte.
    private const int UsualRecordBytes = 1 << 12;

    private readonly FileStream _file;

    // One writer for all records: made anew for each, over an array, it would be an object a step.
    private readonly MemoryStream _record = new(UsualRecordBytes);
    private readonly CodedOutputStream _output;

    private EventFile(FileStream file)
    {
        _file = file;
        _output = new CodedOutputStream(_record, UsualRecordBytes, leaveOpen: true);
    }

    /// <summary>Gets the file's name.</summary>
    public string Name => Path.GetFileName(_file.Name);

    /// <summary>Creates the file of an attempt.</summary>
    /// <param name="folder">The rank's work folder.</param>
    /// <param name="attempt">Number of the attempt.</param>
    /// <param name="round">Number of the round that the file begins with.</param>
    /// <param name="firstStep">First step that will follow.</param>
    /// <param name="now">Time of the first event, which the name begins with.</param>
    public static EventFile Create(string folder, int attempt, int round, long firstStep, DateTimeOffset now)
    {
        // Rounds may begin within one second.
        var part = round > 1 ? $"a{attempt}-r{round}" : $"a{attempt}";
        var path = Path.Combine(folder, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{part}");
        var file = new EventFile(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite));
        file.WriteHead(now, firstStep);
        return file;
    }

    /// <summary>Appends the scalars of a step.</summary>
    public void Append(in MetricsRow row, ScalarList scalars)
    {
        var size = 0;
        for (var i = 0; i < scalars.Count; i++)
        {
            size += SizeOf(scalars[i]);
        }
        Begin(row.Time, row.Steps);
        _output.WriteTag(SummaryField, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(size);
        for (var i = 0; i < scalars.Count; i++)
        {
            Write(scalars[i]);
        }
        End();
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
        _output.Dispose();
        _record.Dispose();
        _file.Dispose();
    }

    private void WriteHead(DateTimeOffset now, long firstStep)
    {
        Begin(now, step: 0);
        _output.WriteTag(FileVersionField, WireFormat.WireType.LengthDelimited);
        _output.WriteString("brain.Event:2");
        End();
        Begin(now, firstStep);
        _output.WriteTag(SessionLogField, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(2);
        _output.WriteTag(SessionStatusField, WireFormat.WireType.Varint);
        _output.WriteEnum(SessionStart);
        End();
    }

    private void Begin(DateTimeOffset time, long step)
    {
        _record.SetLength(0);
        _output.WriteTag(WallTimeField, WireFormat.WireType.Fixed64);
        _output.WriteDouble(time.ToUnixTimeMilliseconds() / 1000.0);
        _output.WriteTag(StepField, WireFormat.WireType.Varint);
        _output.WriteInt64(step);
    }

    private void End()
    {
        _output.Flush();
        var data = _record.GetBuffer().AsSpan(0, (int)_record.Length);
        Span<byte> header = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Crc32C.Masked(header[..sizeof(ulong)]));
        Span<byte> footer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Crc32C.Masked(data));
        _file.Write(header);
        _file.Write(data);
        _file.Write(footer);
        _file.Flush();
    }

    // Summary.value = 1 { tag = 1, simple_value = 2 }
    private static int SizeOf(in Scalar scalar) =>
        scalar.Tag is null ? 0 : 1 + CodedOutputStream.ComputeLengthSize(ContentOf(scalar)) + ContentOf(scalar);

    private static int ContentOf(in Scalar scalar) =>
        1 + CodedOutputStream.ComputeStringSize(scalar.Tag!) + 1 + sizeof(float);

    private void Write(in Scalar scalar)
    {
        if (scalar.Tag is null)
        {
            return;
        }
        _output.WriteTag(SummaryValueField, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(ContentOf(scalar));
        _output.WriteTag(ValueTagField, WireFormat.WireType.LengthDelimited);
        _output.WriteString(scalar.Tag);
        _output.WriteTag(ValueSimpleField, WireFormat.WireType.Fixed32);
        _output.WriteFloat((float)scalar.Shown);
    }
}
