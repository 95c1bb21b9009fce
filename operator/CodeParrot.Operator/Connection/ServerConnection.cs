using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Authentication;

namespace CodeParrot.Operator.Connection;

/// <summary>
/// The connection to an API server: TLS and credentials as a kubeconfig says. KubernetesClient's own client would bring
/// the methods of every resource along, of which none is used.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private const string Agent = "codeparrot-operator";

    // A watch is silent for as long as nothing happens; the ping notices a server that went without a word.
    private static readonly TimeSpan PingDelay = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(30);

    private readonly ServiceClientCredentials? _credentials;
    private readonly string _serverName;

    /// <summary>A connection that is made when it is first used.</summary>
    public ServerConnection(KubernetesClientConfiguration configuration)
    {
        var host = configuration.Host;
        BaseUri = new Uri(host.EndsWith('/') ? host : host + "/");
        _serverName = configuration.TlsServerName ?? "";
        _credentials = CredentialsOf(configuration);
        Version = configuration.DisableHttp2 ? System.Net.HttpVersion.Version11 : System.Net.HttpVersion.Version20;
        // Every request has its own time limit.
        Http = new HttpClient(HandlerOf(configuration)) { Timeout = Timeout.InfiniteTimeSpan };
        Http.DefaultRequestHeaders.Add("User-Agent", Agent);
    }

    /// <summary>Root of the server's paths; ends with a slash.</summary>
    public Uri BaseUri { get; }

    /// <summary>Version of HTTP to ask for.</summary>
    public Version Version { get; }

    /// <summary>Sends requests.</summary>
    public HttpClient Http { get; }

    /// <summary>Puts on a request who asks: a token may be another one each time.</summary>
    public async Task SignAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_serverName.Length > 0)
        {
            request.Headers.Host = _serverName;
        }

        if (_credentials is not null)
        {
            await _credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    private static ServiceClientCredentials? CredentialsOf(KubernetesClientConfiguration configuration) =>
        configuration.TokenProvider is { } provider ? new TokenCredentials(provider)
        : configuration.AccessToken is { Length: > 0 } token ? new TokenCredentials(token)
        : configuration.Username is { Length: > 0 } name
            ? new BasicAuthenticationCredentials { UserName = name, Password = configuration.Password }
        : null;

    private static SocketsHttpHandler HandlerOf(KubernetesClientConfiguration configuration)
    {
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            EnableMultipleHttp2Connections = true,
        };
        if (configuration.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The user's kubeconfig says insecure-skip-tls-verify.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (configuration.SslCaCerts is { Count: > 0 } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (CertificateOf(configuration) is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            // A server that names no authorities would otherwise be given none.
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return handler;
    }

    private static X509Certificate2? CertificateOf(KubernetesClientConfiguration configuration)
    {
        var certificate = Pem(configuration.ClientCertificateData, configuration.ClientCertificateFilePath);
        var key = Pem(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath);
        return certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);
    }

    private static string? Pem(string? base64, string? file) =>
        base64 is { Length: > 0 } ? Encoding.UTF8.GetString(Convert.FromBase64String(base64))
        : file is { Length: > 0 } ? File.ReadAllText(file)
        : null;
}
