using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>Makes HTTP clients that trust the authorities of a PEM file in place of the system's.</summary>
internal sealed class TrustedHttpClientFactory : HttpClientFactory
{
    private readonly string _bundlePath;
    private readonly X509Certificate2Collection _authorities = [];

    public TrustedHttpClientFactory(string bundlePath)
    {
        _bundlePath = bundlePath;
        _authorities.ImportFromPemFile(bundlePath);
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            ConnectTimeout = clientConfig.ConnectTimeout ?? S3Clients.ConnectTimeout,
            MaxConnectionsPerServer = clientConfig.MaxConnectionsPerServer ?? S3Clients.MaxConnections,
            AllowAutoRedirect = false,
        };
        return new HttpClient(handler) { Timeout = S3Clients.WholeRequestTimeout };
    }

    public override string GetConfigUniqueString(IClientConfig clientConfig) => $"ca-bundle:{_bundlePath}";
}
