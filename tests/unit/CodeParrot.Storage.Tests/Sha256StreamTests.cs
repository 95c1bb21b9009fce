using System.Security.Cryptography;

namespace CodeParrot.Storage.Tests;

public class Sha256StreamTests
{
    [Fact]
    public async Task Digests_what_is_read_and_what_is_written()
    {
        var bytes = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        var expected = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using var reading = new Sha256Stream(new MemoryStream(bytes));
        await using var writing = new Sha256Stream(new MemoryStream());

        await reading.CopyToAsync(writing, bufferSize: 7);

        Assert.Equal((expected, expected), (reading.DigestHex(), writing.DigestHex()));
        Assert.Equal((1000, 1000), (reading.ByteCount, writing.ByteCount));
    }
}
