using CodeParrot.Storage.S3;

namespace CodeParrot.Storage.Tests.S3;

public class MultipartUploadTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(1, 16)]
    [InlineData(160_000 * MiB, 16)]
    [InlineData(160_000 * MiB + 1, 17)]
    [InlineData(5L * 1024 * 1024 * MiB, 525)]
    public void Parts_grow_so_that_ten_thousand_are_enough(long sizeBytes, long expectedMiB)
    {
        var partBytes = MultipartUpload.PartBytesFor(sizeBytes, 16 * MiB);

        Assert.Equal(expectedMiB * MiB, partBytes);
        Assert.True((sizeBytes + partBytes - 1) / partBytes <= 10_000);
    }
}
