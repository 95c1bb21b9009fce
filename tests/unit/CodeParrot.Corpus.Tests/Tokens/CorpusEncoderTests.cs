using System.Text;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests.Tokens;

public sealed class CorpusEncoderTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Every_document_is_followed_by_the_end_of_text_id()
    {
        _scenario.WithFile("a.py", "ab").WithFile("b.py", "cde");

        var tokens = await EncodeAsync(await _scenario.BuildAsync());

        using var corpus = Open(tokens);
        var stream = new long[corpus.Train.Tokens];
        corpus.Train.CopyTokens(0, stream);
        Assert.Equal(['a', 'b', 0, 'c', 'd', 'e', 0], stream);
        Assert.Equal((7, 2, 0), (tokens.TrainTokens, tokens.TrainDocuments, tokens.ValidationTokens));
    }

    [Fact]
    public async Task Shards_do_not_depend_on_threads_and_are_made_once()
    {
        for (var i = 0; i < 300; i++)
            _scenario.WithFile($"{i}.py", $"value = {i}");
        var built = await _scenario.BuildAsync(_scenario.Options with { ValidationFraction = 0.2 });
        var options = new EncoderOptions { ShardTokens = 500 };

        var one = await EncodeAsync(built, options with { Threads = 1 });
        var again = await EncodeAsync(built, options with { Threads = 4 });
        File.Delete(_scenario.StorePath($"{one.Prefix}/tokens.json"));
        var four = await EncodeAsync(built, options with { Threads = 4 });

        Assert.Equal((true, false, true), (one.WasBuilt, again.WasBuilt, four.WasBuilt));
        Assert.True(one.Manifest.Train.Count > 2);
        Assert.Equal(one.Manifest.Train, four.Manifest.Train);
        Assert.Equal(one.Manifest.Validation, four.Manifest.Validation);
        Assert.Equal(built.ValidationDocuments, one.ValidationDocuments);
    }

    [Fact]
    public async Task Another_tokenizer_makes_another_prefix()
    {
        _scenario.WithFile("a.py", "ab");
        var built = await _scenario.BuildAsync();

        var one = await EncodeAsync(built);
        var other = await CorpusEncoder.EncodeAsync(_scenario.Store, built.Prefix, new ByteEncoder("other"));

        Assert.NotEqual(one.Prefix, other.Prefix);
        Assert.StartsWith($"{built.Prefix}/tokens-", one.Prefix);
    }

    [Fact]
    public async Task Ready_made_ids_stay_as_they_are_line_by_line()
    {
        _scenario.WithFile("t.jsonl", "{\"ids\": [5, 6, 7]}\n{\"ids\": [8, 0, 8]}\n{\"ids\": [5, 6, 7]}\n");

        var built = await _scenario.BuildAsync(_scenario.Options with { Format = CorpusFormat.Tokens });
        var tokens = await CorpusEncoder.EncodeAsync(_scenario.Store, built.Prefix, new ReadyMadeIds(9));

        using var corpus = Open(tokens);
        Assert.Equal(TokenKind.Sequences, corpus.Manifest.Kind);
        Assert.Equal(3, corpus.Train.SequenceCount(3));
        Assert.Equal([8, 0, 8], corpus.Train.ReadDocument(1));
        Assert.Equal([5, 6, 7], corpus.Train.ReadDocument(2));
        Assert.Equal(-1, corpus.Manifest.EndOfTextId);
    }

    [Fact]
    public async Task An_id_outside_the_vocabulary_names_its_file_and_line()
    {
        _scenario.WithFile("a.jsonl", "{\"ids\": [1]}\n").WithFile("b.jsonl", "{\"ids\": [1]}\n\n{\"ids\": [2, 9]}\n");
        var built = await _scenario.BuildAsync(_scenario.Options with { Format = CorpusFormat.Tokens });

        var error = await Assert.ThrowsAsync<IdOutOfVocabularyException>(() =>
            CorpusEncoder.EncodeAsync(_scenario.Store, built.Prefix, new ReadyMadeIds(9))
        );

        Assert.Equal(("b.jsonl", 3, 9, 9), (error.File, error.Line, error.Id, error.VocabularySize));
    }

    [Theory]
    [InlineData("{\"ids\": [1, -2]}", "id 1 is not a whole number")]
    [InlineData("{\"ids\": [1.5]}", "id 0 is not a whole number")]
    [InlineData("{\"ids\": []}", "has no ids")]
    [InlineData("{\"tokens\": [1]}", "'ids'")]
    public async Task A_line_that_holds_no_ids_is_counted_and_named(string line, string reason)
    {
        _scenario.WithFile("t.jsonl", $"{{\"ids\": [1]}}\n{line}\n");

        var built = await _scenario.BuildAsync(_scenario.Options with { Format = CorpusFormat.Tokens });

        var bad = Assert.Single(built.Manifest.Bad);
        Assert.Equal(2, bad.Line);
        Assert.Contains(reason, bad.Reason);
    }

    [Fact]
    public async Task A_shard_missing_from_the_corpus_ends_the_encoding()
    {
        _scenario.WithFile("a.py", "ab");
        var built = await _scenario.BuildAsync();
        File.Delete(_scenario.StorePath($"{built.Prefix}/documents-00000.jsonl.zst"));

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => EncodeAsync(built));
    }

    private Task<TokensResult> EncodeAsync(CorpusResult corpus, EncoderOptions? options = null) =>
        CorpusEncoder.EncodeAsync(_scenario.Store, corpus.Prefix, new ByteEncoder("bytes"), options);

    private TokenCorpus Open(TokensResult tokens) => TokenCorpus.Open(_scenario.StorePath(tokens.Prefix));

    private sealed class ByteEncoder(string digest) : IDocumentEncoder
    {
        public int VocabularySize => 256;

        public int EndOfTextId => 0;

        public string Digest => digest;

        public void Encode(string document, List<int> ids) =>
            ids.AddRange(Encoding.UTF8.GetBytes(document).Select(value => (int)value));
    }
}
