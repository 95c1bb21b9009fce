using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CodeParrot.Operator.Connection;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace CodeParrot.Operator.Tests.Connection;

public sealed class ServerConnectionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly X509Certificate2 _authority = Authority("authority");
    private readonly WebApplication _app;
    private string _host = "";

    public ServerConnectionTests()
    {
        var certificate = Issue(_authority, "localhost");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
            k.Listen(
                IPAddress.Loopback,
                0,
                l =>
                    l.UseHttps(
                        certificate,
                        https =>
                        {
                            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                            https.ClientCertificateValidation = (_, _, _) => true;
                        }
                    )
            )
        );
        _app = builder.Build();
        _app.Run(context =>
            context.Response.WriteAsync(
                $"{context.Connection.ClientCertificate?.Subject}|{context.Request.Headers.Authorization}"
                    + $"|{context.Request.Host.Host}|{context.Request.Protocol}"
            )
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Token);
        _host = _app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_server_of_the_configured_authority_is_believed() =>
        Assert.Equal("||localhost|HTTP/2", await AskAsync(Trusting(_authority)));

    [Fact]
    public async Task A_server_of_another_authority_is_not()
    {
        using var stranger = Authority("stranger");

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(Trusting(stranger)));
    }

    [Fact]
    public async Task A_server_of_another_name_is_not()
    {
        var configuration = Trusting(_authority);
        configuration.Host = _host.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(configuration));
    }

    [Fact]
    public async Task The_servers_name_may_be_given()
    {
        var configuration = Trusting(_authority);
        configuration.Host = _host.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        configuration.TlsServerName = "localhost";

        Assert.Equal("||localhost|HTTP/2", await AskAsync(configuration));
    }

    [Fact]
    public async Task Any_server_is_believed_where_the_user_says_so()
    {
        var configuration = new KubernetesClientConfiguration { Host = _host, SkipTlsVerify = true };

        Assert.StartsWith("||localhost", await AskAsync(configuration), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_or_a_name_with_its_password_is_sent()
    {
        var token = Trusting(_authority);
        token.AccessToken = "secret";
        var basic = Trusting(_authority);
        (basic.Username, basic.Password) = ("ada", "pass");

        Assert.StartsWith("|Bearer secret|", await AskAsync(token), StringComparison.Ordinal);
        Assert.StartsWith("|Basic YWRhOnBhc3M=|", await AskAsync(basic), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_shown_from_data_and_from_files()
    {
        using var ada = Issue(_authority, "ada");
        var (certificate, key) = (ada.ExportCertificatePem(), ada.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var data = Trusting(_authority);
        data.ClientCertificateData = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate));
        data.ClientCertificateKeyData = Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
        var folder = Directory.CreateTempSubdirectory("codeparrot-connection-").FullName;
        var files = Trusting(_authority);
        files.ClientCertificateFilePath = Path.Combine(folder, "ada.crt");
        files.ClientKeyFilePath = Path.Combine(folder, "ada.key");
        await File.WriteAllTextAsync(files.ClientCertificateFilePath, certificate, Token);
        await File.WriteAllTextAsync(files.ClientKeyFilePath, key, Token);

        var answers = new[] { await AskAsync(data), await AskAsync(files) };

        Directory.Delete(folder, recursive: true);
        Assert.All(answers, a => Assert.StartsWith("CN=ada|", a, StringComparison.Ordinal));
    }

    private static async Task<string> AskAsync(KubernetesClientConfiguration configuration)
    {
        using var connection = new ServerConnection(configuration);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(connection.BaseUri, "api"));
        request.Version = connection.Version;
        await connection.SignAsync(request, Token);
        using var response = await connection.Http.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private KubernetesClientConfiguration Trusting(X509Certificate2 authority) =>
        new() { Host = _host, SslCaCerts = [authority] };

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Begin, Begin.AddDays(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, Begin, Begin.AddDays(5), [1, 2, 3, (byte)name.Length]);
        return bare.CopyWithPrivateKey(key);
    }
}
