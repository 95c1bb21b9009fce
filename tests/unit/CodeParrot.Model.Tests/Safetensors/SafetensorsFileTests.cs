using System.Buffers.Binary;
using System.Text;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Model.Tests.Safetensors;

public class SafetensorsFileTests
{
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,0]}}""", "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "does not take")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "does not take")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", "F32")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":["x"],"data_offsets":[0,8]}}""", "header")]
    [InlineData("""{"a":7}""", "lacks")]
    [InlineData("""[1]""", "header")]
    [InlineData("""{"a":""", "header")]
    public void A_header_that_lies_is_refused_by_name(string header, string expected)
    {
        var error = Assert.Throws<SafetensorsException>(() => new SafetensorsFile(File(header, 8), "weights"));

        Assert.StartsWith("weights: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(1000UL)]
    public void A_header_length_beyond_the_file_is_refused(ulong length)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        Assert.Throws<SafetensorsException>(() => new SafetensorsFile(new MemoryStream(bytes), "weights"));
    }

    [Fact]
    public void Flipped_bytes_are_refused_or_stay_within_the_file()
    {
        using var scope = torch.NewDisposeScope();
        using var stream = new SafetensorsStream(SafetensorsStreamTests.Entries());
        var good = SafetensorsStreamTests.Copy(stream).ToArray();
        var headerBytes = 8 + (int)BitConverter.ToInt64(good);
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var bad = (byte[])good.Clone();
            bad[random.Next(headerBytes)] = (byte)random.Next(256);
            try
            {
                using var file = new SafetensorsFile(new MemoryStream(bad), "weights");
                Assert.All(file.Tensors.Values, t => Assert.InRange(t.Position + t.Bytes, headerBytes, bad.Length));
            }
            catch (SafetensorsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 500);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var file = new SafetensorsFile(File("{}", 0), "weights");
        using var destination = torch.zeros(2);

        var error = Assert.Throws<SafetensorsException>(() => file.Read("h.0.bias", destination));

        Assert.Equal("weights: tensor h.0.bias: is missing", error.Message);
    }

    [Fact]
    public void A_file_cut_after_it_was_opened_is_an_error_not_a_crash()
    {
        var memory = File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        using var file = new SafetensorsFile(memory, "weights");
        using var destination = torch.zeros(2);
        memory.SetLength(memory.Length - 1);

        Assert.Throws<SafetensorsException>(() => file.Read("a", destination));
    }

    private static MemoryStream File(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new MemoryStream();
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        file.Write(new byte[dataBytes]);
        return file;
    }
}
