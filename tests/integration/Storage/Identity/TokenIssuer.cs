using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace CodeParrot.Integration.Tests.Storage.Identity;

/// <summary>
/// Issues tokens of service accounts as a cluster does, and serves what others need to check them (OpenID discovery).
/// </summary>
internal sealed class TokenIssuer : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackService _service;

    public TokenIssuer()
    {
        var request = new CertificateRequest("CN=issuer", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _service = new LoopbackService(r => (200, r.RawUrl == "/keys" ? Keys() : Discovery()));
    }

    /// <summary>Gets the issuer's name, which is where it listens.</summary>
    public string Address => _service.Address;

    /// <summary>Gets what a store knows its certificate by, hex.</summary>
    public string Thumbprint => _certificate.Thumbprint.ToLowerInvariant();

    /// <summary>Returns a token of a service account, good for an hour.</summary>
    public string Token(string audience = "sts.amazonaws.com")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new
        {
            iss = Address,
            sub = "system:serviceaccount:research:trainer",
            aud = audience,
            iat = now,
            exp = now + 3600,
        };
        var signed = $"{Encode(new { alg = "RS256", kid = "key", typ = "JWT" })}.{Encode(claims)}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose()
    {
        _service.Dispose();
        _certificate.Dispose();
        _key.Dispose();
    }

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private string Discovery() => JsonSerializer.Serialize(new { issuer = Address, jwks_uri = $"{Address}/keys" });

    private string Keys()
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        var key = new
        {
            kid = "key",
            kty = "RSA",
            alg = "RS256",
            use = "sig",
            n = Base64Url.EncodeToString(parameters.Modulus),
            e = Base64Url.EncodeToString(parameters.Exponent),
            x5c = new[] { Convert.ToBase64String(_certificate.RawData) },
        };
        return JsonSerializer.Serialize(new { keys = new[] { key } });
    }
}
