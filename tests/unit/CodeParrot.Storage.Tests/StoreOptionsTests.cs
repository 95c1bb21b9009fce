namespace CodeParrot.Storage.Tests;

public class StoreOptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Assert.Empty(new StoreOptions { Uri = "s3://bucket/prefix" }.Validate());
        Assert.Empty(new StoreOptions { Uri = "/data" }.Validate());
    }

    [Fact]
    public void Collects_every_mistake_with_its_field()
    {
        var options = new StoreOptions
        {
            Uri = "ftp://host",
            Endpoint = "minio:9000",
            CaBundlePath = "/no/such/file",
            CredentialsDirectory = "/no/such/directory",
            AccessKey = "key",
            PartSizeBytes = 1,
            ParallelParts = 0,
            StallTimeout = TimeSpan.Zero,
            RetryBudget = -TimeSpan.FromSeconds(1),
        };

        var fields = options.Validate().Select(mistake => mistake.Split(':')[0]);

        Assert.Equal(
            [
                "uri",
                "endpoint",
                "caBundlePath",
                "credentialsDirectory",
                "credentialsDirectory",
                "secretKey",
                "partSizeBytes",
                "parallelParts",
                "stallTimeout",
                "retryBudget",
            ],
            fields
        );
        Assert.Throws<ArgumentException>(() => ObjectStores.Open(options, TimeProvider.System));
    }

    [Fact]
    public void A_bundle_that_is_no_certificate_is_named()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        var options = new StoreOptions
        {
            Uri = "s3://bucket",
            CaBundlePath = path,
            AccessKey = "a",
            SecretKey = "b",
        };

        var fault = Assert.Throws<ArgumentException>(() => ObjectStores.Open(options, TimeProvider.System));
        File.Delete(path);

        Assert.Contains(path, fault.Message);
    }
}
