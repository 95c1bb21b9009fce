using System.Text;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Tests.Secrets;

public sealed class SecretCorpusTests : IDisposable
{
    private const string Key = "gh" + "p_" + MarkedText.Random40;
    private const string Email = "jane.doe@acme.org";

    private readonly CorpusScenario _scenario = new();

    public SecretCorpusTests() =>
        _scenario
            .WithFile("a.py", $"token = '{Key}'  # {Email}\nagain = '{Key}'  # é\n")
            .WithFile("b.py", "x = 1\n")
            .WithFile("c.py", $"# {Email}\n");

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Redacted_documents_are_kept_without_their_secrets()
    {
        var corpus = await BuildAsync(SecretHandling.Redact);

        var documents = await _scenario.ReadAsync(corpus);
        const string redacted = "token = 'REDACTED_KEY_1'  # user1@example.com\nagain = 'REDACTED_KEY_1'  # é\n";
        Assert.Equal([redacted, "x = 1\n", "# user1@example.com\n"], documents.Select(document => document.Content));
        Assert.Equal(Encoding.UTF8.GetByteCount(string.Concat(documents.Select(d => d.Content))), corpus.Bytes);
        Assert.Equal(2, corpus.Manifest.Counts.Secrets!.Documents);
        Assert.Equal((2, 2), (Found(corpus, SecretKind.Key), Found(corpus, SecretKind.Email)));
    }

    [Fact]
    public async Task Documents_with_secrets_are_dropped_and_counted()
    {
        var corpus = await BuildAsync(SecretHandling.Drop);

        Assert.Equal(["x = 1\n"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(2, corpus.Manifest.Counts.Dropped[DropReason.Secret]);
        Assert.Equal((2, 2), (Found(corpus, SecretKind.Key), Found(corpus, SecretKind.Email)));
    }

    [Theory]
    [InlineData(SecretHandling.Redact)]
    [InlineData(SecretHandling.Drop)]
    public async Task No_secret_is_in_what_is_said_of_a_corpus(SecretHandling handling)
    {
        var corpus = await BuildAsync(handling);
        var inspected = new StringWriter();
        await CorpusInspector.WriteAsync(_scenario.Store, corpus.Prefix, CorpusSplit.Train, 9, inspected);

        var said = inspected.ToString();
        foreach (var name in new[] { "corpus.json", "README.md" })
            said += await File.ReadAllTextAsync(_scenario.StorePath($"{corpus.Prefix}/{name}"));

        Assert.DoesNotContain(MarkedText.Random40, said);
        Assert.DoesNotContain("jane", said);
        Assert.Contains($"({handling}, rules 1): found in 2 documents, Key 2, Email 2", said);
    }

    [Fact]
    public async Task Kept_secrets_are_not_looked_for_and_each_way_has_its_own_name()
    {
        var kept = await BuildAsync(SecretHandling.Keep);
        var redacted = await BuildAsync(SecretHandling.Redact);
        var dropped = await BuildAsync(SecretHandling.Drop);

        Assert.Contains(Key, (await _scenario.ContentsAsync(kept))[0]);
        Assert.Null(kept.Manifest.Counts.Secrets);
        Assert.Equal(3, new[] { kept.Prefix, redacted.Prefix, dropped.Prefix }.Distinct().Count());
    }

    private Task<CorpusResult> BuildAsync(SecretHandling handling) =>
        _scenario.BuildAsync(_scenario.Options with { Secrets = handling });

    private static long Found(CorpusResult corpus, SecretKind kind) => corpus.Manifest.Counts.Secrets!.Found[kind];
}
