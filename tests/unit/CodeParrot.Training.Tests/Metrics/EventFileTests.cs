using System.Buffers.Binary;
using System.Text;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Metrics;
using Google.Protobuf;

namespace CodeParrot.Training.Tests.Metrics;

public sealed class EventFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-events-").FullName;

    [Fact]
    public void The_checksum_is_crc32c()
    {
        // The check value of CRC-32C is 0xE3069283; masking rotates right by 15 and adds a constant.
        var masked = Crc32C.Masked("123456789"u8);

        Assert.Equal(uint.RotateRight(0xE3069283, 15) + 0xA282EAD8, masked);
    }

    [Fact]
    public void Records_are_framed_and_hold_version_session_and_scalars()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        using var file = EventFile.Create(_folder, attempt: 3, round: 1, firstStep: 5, now);
        var row = new MetricsRow
        {
            Steps = 5,
            Samples = 20,
            Tokens = 320,
            LearningRate = 0.5,
            Loss = 3.25,
            GradientNorm = 1,
            TokensPerSecond = 10,
            Time = now.AddSeconds(1),
            Mfu = 0.25,
            Duration = TimeSpan.FromSeconds(2),
            PeakMemoryBytes = 3L << 29,
            Straggler = new Straggler(3, 1.5),
        };
        var numbers = new ScalarList();
        numbers.Take(row);
        file.Append(row, numbers);

        var records = Records(file.ToArray());

        Assert.Equal("events.out.tfevents.1700000000.a3", file.Name);
        Assert.Equal(3, records.Count);
        Assert.Contains("brain.Event:2", Encoding.UTF8.GetString(records[0]));
        Assert.Equal((1_700_000_000.0, 5L), Head(records[1]));
        Assert.Equal((1_700_000_001.0, 5L), Head(records[2]));
        var scalars = Scalars(records[2]);
        Assert.Equal(3.25f, scalars["loss/train"]);
        Assert.Equal(0.5f, scalars["lr"]);
        // Tags that users of torchtitan know, in its units.
        Assert.Equal((25f, 10f), (scalars["mfu(%)"], scalars["throughput(tps)"]));
        Assert.Equal((2f, 1.5f), (scalars["time_metrics/end_to_end(s)"], scalars["memory/host_peak(GiB)"]));
        Assert.Equal(
            [
                "lr",
                "loss/train",
                "grad_norm",
                "tokens",
                "throughput(tps)",
                "mfu(%)",
                "time_metrics/end_to_end(s)",
                "time_metrics/data_loading(s)",
                "goodput",
                "memory/host_peak(GiB)",
                "time_metrics/straggler_ratio",
                "skipped_steps",
            ],
            scalars.Keys
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<byte[]> Records(ReadOnlySpan<byte> file)
    {
        var records = new List<byte[]>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Crc32C.Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            var data = file.Slice(12, length);
            Assert.Equal(Crc32C.Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            records.Add(data.ToArray());
            file = file[(16 + length)..];
        }
        return records;
    }

    private static (double WallTime, long Step) Head(byte[] record)
    {
        var input = new CodedInputStream(record);
        input.ReadTag();
        var wallTime = input.ReadDouble();
        input.ReadTag();
        return (wallTime, input.ReadInt64());
    }

    // Event.summary = 5 { value = 1 { tag = 1, simple_value = 2 } }
    private static Dictionary<string, float> Scalars(byte[] record)
    {
        var input = new CodedInputStream(record);
        while (WireFormat.GetTagFieldNumber(input.ReadTag()) != 5)
        {
            input.SkipLastField();
        }
        var summary = input.ReadBytes().CreateCodedInput();
        var scalars = new Dictionary<string, float>();
        while (summary.ReadTag() != 0)
        {
            var value = summary.ReadBytes().CreateCodedInput();
            value.ReadTag();
            var name = value.ReadString();
            value.ReadTag();
            scalars[name] = value.ReadFloat();
        }
        return scalars;
    }
}
