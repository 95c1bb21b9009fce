using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Tests.Secrets;

public sealed class SecretFinderTests
{
    private const string R = MarkedText.Random40;
    private const string H = MarkedText.Hex32;

    [Theory]
    [InlineData(SecretKind.Email, "# Written by Jane <«jane.doe+py@mail.uni-x.de»>, 2020")]
    [InlineData(SecretKind.Email, "author_email='«john@acme.co.uk»',")]
    [InlineData(SecretKind.Email, "text = \"line\\n«me@acme.org» wrote\"")]
    [InlineData(SecretKind.Email, "'«jane@malicious.org@important.com»'")]
    [InlineData(SecretKind.Email, "mailto:«a_b@x1.io».")]
    [InlineData(SecretKind.IpAddress, "HOST = '«93.184.216.34»'")]
    [InlineData(SecretKind.IpAddress, "connect http://«52.14.7.201»:8080/x")]
    [InlineData(SecretKind.IpAddress, "dns server «5.6.7.8»")]
    [InlineData(SecretKind.IpAddress, "peer = [«2a02:26f0:ff::17ca:b1d3»]:443")]
    [InlineData(SecretKind.Key, "k = 'AKI" + "A«»" + "Q3EGRWZTLM5XVB7Y'", "AKI" + "AQ3EGRWZTLM5XVB7Y")]
    [InlineData(SecretKind.Key, "git clone https://gh" + "p_" + R + "@github.com/a/b", "gh" + "p_" + R)]
    [InlineData(SecretKind.Key, "tok = 'xo" + "xb-123-" + R + "'", "xo" + "xb-123-" + R)]
    [InlineData(
        SecretKind.Key,
        "stripe.api_key = \"sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc\"",
        "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
    )]
    [InlineData(
        SecretKind.Key,
        "x\\nAIz" + "aSyD3fG7hJ9kL1mN5pQ8rS2tU4vW6xY0z_AB",
        "AIz" + "aSyD3fG7hJ9kL1mN5pQ8rS2tU4vW6xY0z_AB"
    )]
    [InlineData(
        SecretKind.Key,
        "Bearer ey" + "J" + R + ".eyJzdWIiOiIxIn0." + R,
        "ey" + "J" + R + ".eyJzdWIiOiIxIn0." + R
    )]
    [InlineData(SecretKind.Key, "AccountKey=" + R + R + "Ab1Cd2==;X", R + R + "Ab1Cd2==")]
    [InlineData(
        SecretKind.Key,
        "https://hooks.slack.com/services/T0AB12CD3/B9XY87ZW6/«aB3x9Kq7ZpL2mW8nR4vT6yU1»",
        "T0AB12CD3/B9XY87ZW6/aB3x9Kq7ZpL2mW8nR4vT6yU1"
    )]
    [InlineData(SecretKind.UrlPassword, "DB = 'postgres://app:«s3cr-3tly0»@db.acme.com:5432/x'")]
    [InlineData(SecretKind.NamedSecret, "API_KEY = \"«" + R + "»\"")]
    [InlineData(SecretKind.NamedSecret, "conf = {'client_secret': '«" + H + "»'}")]
    [InlineData(SecretKind.NamedSecret, "os.environ['AUTH_TOKEN'] = b'«" + H + "»'")]
    [InlineData(SecretKind.NamedSecret, "login(password=('«q8-Zt3vX_9rKw1Lm»'))")]
    public void Secrets_are_found(SecretKind kind, string marked, string? expected = null)
    {
        var (text, secrets) = MarkedText.Read(marked);

        var found = SecretFinder.Find(text);

        Assert.Equal([kind], found.Select(secret => secret.Kind));
        Assert.Equal([expected ?? secrets[0]], MarkedText.Found(text));
    }

    [Theory]
    [InlineData("user@example.com, a@b.example.org, git@github.com:x/y.git, noreply@github.com, name@2x.png")]
    [InlineData("y = self.weight@other.value + a@b.T; @decorator.name; x @ y.z")]
    [InlineData("pip install package@1.2.3.dev4  # foo@bar, a@b.c")]
    [InlineData(
        "10.1.2.3 172.16.9.1 192.168.0.7 127.0.0.1 0.0.0.0 255.255.255.0 192.0.2.44 169.254.1.2 8.8.8.8 224.0.0.5"
    )]
    [InlineData("ObjectIdentifier('2.5.29.15'), '1.3.101.112', Guile 3.0.5.130-5a1e7, aes256-gcm@openssh.com")]
    [InlineData(
        "{'AWS::ApiGateway::ApiKey': '48205d4ffd7feba3'}; MultiHostUrl('https://foo.com:123,foo:bar@bar.com/')"
    )]
    [InlineData("__version__ = '12.3.45.6'")]
    [InlineData("Mozilla/5.0 Chrome/91.0.4472.124 Safari/537.36")]
    [InlineData("oid 1.3.6.1 and 1.3.6.1.4.1.311 and v1.2.3.4 and 1.2.3.4 and 93.184.216.0 and 300.1.2.3 and 01.2.3.4")]
    [InlineData(
        "a[::2], b[1::3], C::d, 12:30:45, fe80::1%eth0, ::1, 2001:db8::17, aa:bb:cc:dd:ee:ff, fd00::1234:5678:9abc"
    )]
    [InlineData("sha256 = '" + H + H + "'\nmd5_token = '" + H + "'\nSECRET_HASH = \"" + R + "\"")]
    [InlineData("url = 'https://x/" + R + "'\ncommit = '" + R + "'")]
    [InlineData(
        "TOKEN_TYPE = 'urn:ietf:params:oauth'\ntoken = 'organization_member_token_v2'\n"
            + "secret = 'correct-horse-battery-staple'"
    )]
    [InlineData(
        "api_key = 'your-api-key-goes-here-123'\npassword = 'xxxxxxxxxxxxxxxxxxxx1'\ntoken='aaaa1111aaaa1111aaaa'"
    )]
    [InlineData("token = 'ref_token_abc123', token_filename='not_exists_file_1123', private_key='_private_key_pkcs12'")]
    [InlineData("CREDENTIALS_CLIENT_ID = '764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.acme.com'")]
    [InlineData("secret_id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'")]
    [InlineData("token = f'{prefix}0123456789abcdef{suffix}' + '%s' + '${TOKEN}'")]
    [InlineData(
        "postgres://postgres:postgres@db.acme.com/x redis://:@h/0 http://user:pass@acme.com ftp://u:{pw}@acme.com"
    )]
    [InlineData("amqp://app:s3cr3tly0@localhost/ http://acme.com/a:b@c https://acme.com/x?u=http://y:z")]
    [InlineData("AKI" + "AIOSFODNN7EXAMPLE and taskgh" + "p_" + R + " and SK" + "abc and eyJ.eyJ.x")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n" + R + R)]
    public void What_only_looks_like_secrets_stays(string text)
    {
        Assert.Empty(MarkedText.Found(text));
    }

    [Fact]
    public void Nothing_is_found_in_what_took_the_place_of_a_secret()
    {
        var text =
            "user1@example.com 192.0.2.1 203.0.113.254 2001:db8::a1 'postgres://app:REDACTED_PASSWORD_1@db.acme.com'\n"
            + "key = 'REDACTED_KEY_12'\napi_secret_token = 'REDACTED_SECRET_1234567'\n"
            + "-----BEGIN PRIVATE KEY-----\nREDACTED_PRIVATE_KEY_1\n-----END PRIVATE KEY-----";

        Assert.Empty(MarkedText.Found(text));
    }
}
