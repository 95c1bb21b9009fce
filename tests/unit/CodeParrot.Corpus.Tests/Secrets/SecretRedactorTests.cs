using CodeParrot.Corpus.Secrets;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Corpus.Tests.Secrets;

public sealed class SecretRedactorTests
{
    private const string R = MarkedText.Random40;

    [Fact]
    public void The_same_secret_has_the_same_placeholder_in_a_text()
    {
        const string text =
            "a='jane@acme.org' # 93.184.216.34\nb='john@acme.org' # 93.184.216.35\n"
            + "c='jane@acme.org' # 2a02:26f0:ff::17ca:b1d3\n";

        Assert.Equal(
            "a='user1@example.com' # 192.0.2.1\nb='user2@example.com' # 192.0.2.2\n"
                + "c='user1@example.com' # 2001:db8::3\n",
            Redact(text)
        );
    }

    [Fact]
    public void A_block_with_a_private_key_keeps_its_lines_quotes_and_escapes()
    {
        var block = $"-----BEGIN RSA PRIVATE KEY-----\n{R}{R}\n{R}\nAbc=\n-----END RSA PRIVATE KEY-----\n";
        var quoted =
            $"k = ('-----BEGIN PRIVATE KEY-----\\n'\n     '{R}\\n'\n     '{R}\\nQ9x=\\n-----END PRIVATE KEY-----')";

        Assert.Equal(
            "-----BEGIN RSA PRIVATE KEY-----\nREDACTED_PRIVATE_KEY_1\n\n\n-----END RSA PRIVATE KEY-----\n",
            Redact(block)
        );
        Assert.Equal(
            "k = ('-----BEGIN PRIVATE KEY-----\\n'\n     'REDACTED_PRIVATE_KEY_1\\n'\n"
                + "     '\\n\\n-----END PRIVATE KEY-----')",
            Redact(quoted)
        );
    }

    [Theory]
    [InlineData("'\\tjane@acme.org'", "'\\tuser1@example.com'")]
    [InlineData("'\\x41jane@acme.org'", "'\\x41user1@example.com'")]
    [InlineData("'\\u0041jane@acme.org'", "'\\u0041user1@example.com'")]
    [InlineData("'\\101jane@acme.org'", "'\\101user1@example.com'")]
    public void Escapes_before_a_secret_stay_whole(string text, string redacted)
    {
        Assert.Equal(redacted, Redact(text));
    }

    [Fact]
    public void What_stands_between_secrets_stays()
    {
        var pieces = Gen.Elements(
            "jane@acme.org",
            "93.184.216.34",
            "2a02:26f0:ff::17ca:b1d3",
            "token = '",
            "postgres://app:s3cr-3tly0@db.acme.com/x",
            R,
            "gh" + "p_" + R,
            "-----BEGIN PRIVATE KEY-----\n",
            "-----END PRIVATE KEY-----",
            "'",
            " ",
            "\n",
            "\\",
            ".",
            ":",
            "/",
            "é",
            "x = 1"
        );
        var texts = Gen.ArrayOf(pieces).Select(string.Concat);

        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var secrets = SecretFinder.Find(text);
                    var redacted = SecretRedactor.Redact(text, secrets);
                    // What stands between secrets is there still, in its order and from end to end.
                    var (end, place) = (0, 0);
                    foreach (var secret in secrets)
                    {
                        var between = text[end..secret.Start];
                        place = redacted.IndexOf(between, place, StringComparison.Ordinal);
                        if (secret.Start < end || place < 0)
                            return false;
                        (end, place) = (secret.End, place + between.Length);
                    }
                    return redacted.EndsWith(text[end..], StringComparison.Ordinal);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static string Redact(string text) => SecretRedactor.Redact(text, SecretFinder.Find(text));
}
