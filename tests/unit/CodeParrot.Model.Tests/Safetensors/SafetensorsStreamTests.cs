using System.Text;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Model.Tests.Safetensors;

public class SafetensorsStreamTests
{
    [Fact]
    public void What_is_written_reads_back_bit_for_bit()
    {
        using var scope = torch.NewDisposeScope();
        var entries = Entries();
        using var stream = new SafetensorsStream(entries);

        using var file = new SafetensorsFile(Copy(stream), "test");

        Assert.Equal(entries.Select(entry => entry.Name), file.Tensors.Keys);
        foreach (var (name, tensor) in entries)
        {
            var back = torch.empty_like(tensor);
            file.Read(name, back);
            Assert.Equal(tensor.shape, file.Tensors[name].Shape);
            Assert.Equal(tensor.dtype, file.Tensors[name].Type);
            Assert.Equal(tensor.bytes.ToArray(), back.bytes.ToArray());
        }
    }

    [Fact]
    public void Any_part_can_be_read_on_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var stream = new SafetensorsStream(Entries());
        var whole = Copy(stream).ToArray();
        var random = new Random(2);

        Assert.Equal(stream.Length, whole.Length);
        for (var i = 0; i < 200; i++)
        {
            var start = random.Next(whole.Length + 10);
            var part = new byte[random.Next(100)];
            var count = stream.ReadAt(start, part);
            Assert.Equal(Math.Clamp(whole.Length - start, 0, part.Length), count);
            Assert.Equal(whole.AsSpan(Math.Min(start, whole.Length), count), part.AsSpan(0, count));
        }
    }

    [Fact]
    public void The_header_is_the_formats_own()
    {
        using var scope = torch.NewDisposeScope();
        using var stream = new SafetensorsStream([new("a", torch.zeros(2, 3)), new("b", torch.zeros(4))]);
        var whole = Copy(stream).ToArray();

        var length = BitConverter.ToInt64(whole);
        var header = Encoding.UTF8.GetString(whole, 8, (int)length);

        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 40, whole.Length);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}"""
                + ""","b":{"dtype":"F32","shape":[4],"data_offsets":[24,40]}}""",
            header.TrimEnd()
        );
    }

    [Fact]
    public void Only_contiguous_memory_can_be_written()
    {
        using var square = torch.zeros(3, 3);
        using var transposed = square.narrow(1, 0, 2);

        Assert.Throws<ArgumentException>(() => new SafetensorsStream([new("a", transposed)]));
    }

    internal static MemoryStream Copy(SafetensorsStream stream)
    {
        var copy = new MemoryStream();
        stream.Position = 0;
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    internal static SafetensorsEntry[] Entries() =>
        [
            new("f32", torch.randn(3, 5)),
            new("empty", torch.zeros(0)),
            new("bf16", torch.randn(7).to(torch.ScalarType.BFloat16)),
            new("view", torch.randn(10).narrow(0, 3, 4)),
            new("i64", torch.arange(4, dtype: torch.ScalarType.Int64)),
        ];
}
