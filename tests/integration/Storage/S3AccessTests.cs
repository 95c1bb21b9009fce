using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3AccessTests(S3Server server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-access-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_wrong_secret_is_named_at_once()
    {
        var options = await server.NewBucketAsync() with { SecretKey = "wrong" };
        using var store = ObjectStores.Open(options, TimeProvider.System);

        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.FindAsync("object"));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.ListAsync("").ToListAsync().AsTask());
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.WriteBytesAsync("object", "x"u8.ToArray()));
        var probe = await Assert.ThrowsAsync<StoreAccessDeniedException>(() =>
            ObjectStores.ConnectAsync(options, TimeProvider.System)
        );

        Assert.Contains("secret", probe.Message);
        Assert.DoesNotContain("wrong", probe.Message);
    }

    [Fact]
    public async Task Rotated_credentials_are_picked_up_from_their_directory()
    {
        var options = await server.NewBucketAsync();
        await WriteCredentialsAsync(server.AccessKey, "old secret");
        using var store = ObjectStores.Open(
            options with
            {
                AccessKey = null,
                SecretKey = null,
                CredentialsDirectory = _folder,
            },
            TimeProvider.System
        );
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.FindAsync("object"));

        await WriteCredentialsAsync(server.AccessKey, server.SecretKey + "\n");
        var found = await store.FindAsync("object");
        await store.WriteBytesAsync("object", "x"u8.ToArray());

        Assert.Null(found);
    }

    [Fact]
    public async Task A_missing_bucket_is_named()
    {
        var options = await server.NewBucketAsync() with { Uri = "s3://no-such-bucket-here/prefix" };
        using var store = ObjectStores.Open(options, TimeProvider.System);

        var fault = await Assert.ThrowsAsync<BucketNotFoundException>(() =>
            store.WriteBytesAsync("object", "x"u8.ToArray())
        );
        await Assert.ThrowsAsync<BucketNotFoundException>(() => store.ListAsync("").ToListAsync().AsTask());

        Assert.Contains("no-such-bucket-here", fault.Message);
    }

    [Fact]
    public async Task Tls_is_trusted_by_the_given_authority_only()
    {
        server.Require();
        using var authority = NewCertificate("localhost");
        using var foreign = NewCertificate("foreign");
        var trusted = Path.Combine(_folder, "trusted.pem");
        var untrusted = Path.Combine(_folder, "untrusted.pem");
        await File.WriteAllTextAsync(trusted, authority.ExportCertificatePem());
        await File.WriteAllTextAsync(untrusted, foreign.ExportCertificatePem());
        await using var proxy = new FaultProxy(server.Endpoint, _ => null, authority);
        var options = await server.NewBucketAsync(proxy.Endpoint);

        using var good = ObjectStores.Open(options with { CaBundlePath = trusted }, TimeProvider.System);
        using var bad = ObjectStores.Open(options with { CaBundlePath = untrusted }, TimeProvider.System);
        await good.WriteBytesAsync("object", Encoding.UTF8.GetBytes("content"));
        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => bad.FindAsync("object"));

        Assert.Equal("content", Encoding.UTF8.GetString(await good.ReadBytesAsync("object")));
        Assert.Contains("CA bundle", fault.Message);
    }

    [Fact]
    public async Task Lists_and_deletes_more_than_a_page()
    {
        var options = await server.NewBucketAsync();
        using var store = ObjectStores.Open(options, TimeProvider.System);
        var keys = Enumerable.Range(0, 1_005).Select(i => $"folder/{i:d5}").ToList();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (key, cancellation) => await store.WriteBytesAsync(key, "x"u8.ToArray(), default, cancellation)
        );

        var listed = await store.ListAsync("folder/").Select(found => found.Key).ToListAsync();
        await store.DeleteAsync(keys);

        Assert.Equal(keys, listed);
        Assert.Empty(await store.ListAsync("").ToListAsync());
    }

    private static X509Certificate2 NewCertificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task WriteCredentialsAsync(string accessKey, string secretKey)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "AWS_ACCESS_KEY_ID"), accessKey);
        await File.WriteAllTextAsync(Path.Combine(_folder, "AWS_SECRET_ACCESS_KEY"), secretKey);
    }
}
