using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Makes the SDK's HTTP clients: with a PEM file they trust its authorities in place of the system's, and no small body
/// waits for leave (<see cref="SmallBodyHandler"/>).
/// </summary>
internal sealed class S3HttpClientFactory : HttpClientFactory
{
    private readonly string? _bundlePath;
    private readonly X509Certificate2Collection _authorities = [];

    public S3HttpClientFactory(string? bundlePath)
    {
        _bundlePath = bundlePath;
        if (bundlePath is not null)
            _authorities.ImportFromPemFile(bundlePath);
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = S3Clients.ConnectTimeout,
            MaxConnectionsPerServer = S3Clients.MaxConnections,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        if (_bundlePath is not null)
            handler.SslOptions.CertificateChainPolicy = TrustPolicy();
        return new HttpClient(new SmallBodyHandler(handler)) { Timeout = S3Clients.WholeRequestTimeout };
    }

    public override string GetConfigUniqueString(IClientConfig clientConfig) => $"codeparrot:{_bundlePath}";

    private X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }
}
