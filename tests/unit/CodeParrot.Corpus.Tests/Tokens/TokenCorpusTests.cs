using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Corpus.Tests.Tokens;

public sealed class TokenCorpusTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1000, 2)]
    [InlineData(65536, 2)]
    [InlineData(65537, 4)]
    public async Task Ids_take_two_bytes_up_to_a_vocabulary_of_65536(int vocabularySize, int tokenBytes)
    {
        var manifest = await WriteAsync(
            [
                [0, vocabularySize - 1, 7],
            ],
            vocabularySize
        );

        using var corpus = TokenCorpus.Open(_scratch["store/c"]);
        Assert.Equal(tokenBytes, manifest.TokenBytes);
        Assert.Equal([0, vocabularySize - 1, 7], corpus.Train.ReadDocument(0));
    }

    [Fact]
    public async Task Sequences_span_shard_borders_and_the_tail_is_dropped()
    {
        int[][] documents =
        [
            [1, 2, 3],
            [4, 5, 6, 7],
            [8],
            [9, 10, 11],
        ];
        var manifest = await WriteAsync(documents, shardTokens: 3);

        using var corpus = TokenCorpus.Open(_scratch["store/c"]);
        var read = new long[2][];
        for (var i = 0; i < 2; i++)
            corpus.Train.CopySequence(i, read[i] = new long[5]);

        Assert.Equal(3, manifest.Train.Count);
        Assert.Equal(2, corpus.Train.SequenceCount(5));
        Assert.Equal([1, 2, 3, 4, 5], read[0]);
        Assert.Equal([6, 7, 8, 9, 10], read[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Train.CopySequence(2, new long[5]));
    }

    [Fact]
    public void Any_documents_come_back_as_they_were_written()
    {
        var documents = ArbMap
            .Default.GeneratorFor<byte[][]>()
            .Select(all => all.Select(one => one.Select(b => (int)b)));
        var cases = Gen.Zip(documents, Gen.Choose(1, 40)).ToArbitrary();

        Prop.ForAll(cases, pair => RoundTripsAsync(pair.Item1, pair.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public async Task Ready_made_sequences_are_numbered_by_line()
    {
        await WriteAsync(
            [
                [1, 2],
                [3, 4],
                [5, 6],
            ],
            kind: TokenKind.Sequences,
            shardTokens: 4
        );

        using var corpus = TokenCorpus.Open(_scratch["store/c"]);
        var third = new long[2];
        corpus.Train.CopySequence(2, third);

        Assert.Equal(3, corpus.Train.SequenceCount(2));
        Assert.Equal([5, 6], third);
    }

    [Fact]
    public async Task Ready_made_sequences_of_other_lengths_are_refused_with_their_lengths()
    {
        await WriteAsync(
            [
                [1, 2, 3],
                [3, 4],
                [5, 6, 7],
            ],
            kind: TokenKind.Sequences
        );

        using var corpus = TokenCorpus.Open(_scratch["store/c"]);
        var error = Assert.Throws<SequenceLengthException>(() => corpus.Train.SequenceCount(3));

        Assert.Equal((3, 2, 3), (error.Lines, error.MinTokens, error.MaxTokens));
        Assert.Contains("3 ready-made sequences of 2 to 3 tokens", error.Message);
        Assert.Contains("model.contextLength", error.Message);
    }

    [Fact]
    public async Task An_id_outside_the_vocabulary_is_never_written()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            WriteAsync(
                [
                    [1, 500],
                ],
                vocabularySize: 500
            )
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            WriteAsync(
                [
                    [1, -1],
                ],
                vocabularySize: 500
            )
        );
    }

    [Theory]
    [InlineData(70)]
    [InlineData(3)]
    public async Task A_flipped_byte_names_the_shard_and_both_digests(int offset)
    {
        var manifest = await WriteAsync([
            [1, 2, 3, 4, 5, 6, 7, 8],
        ]);
        var path = _scratch["store/c/train-00000.bin"];
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[offset] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        using var store = _scratch.OpenStore();
        var error = await Assert.ThrowsAsync<StoreCorruptionException>(() =>
            TokenCorpusCache.FetchAsync(store, "c", _scratch["cache"])
        );

        Assert.Equal("c/train-00000.bin", error.Key);
        Assert.Equal($"sha256 {manifest.Train[0].Sha256}", error.Expected);
        Assert.NotEqual(error.Expected, error.Actual);
    }

    [Fact]
    public async Task A_shard_of_another_head_or_size_is_not_opened()
    {
        await WriteAsync([
            [1, 2, 3, 4],
        ]);
        var path = _scratch["store/c/train-00000.bin"];
        var bytes = await File.ReadAllBytesAsync(path);

        bytes[24]++;
        await File.WriteAllBytesAsync(path, bytes);
        var head = Assert.Throws<StoreCorruptionException>(() => TokenCorpus.Open(_scratch["store/c"]));
        await File.WriteAllBytesAsync(path, bytes[..^1]);
        var size = Assert.Throws<StoreCorruptionException>(() => TokenCorpus.Open(_scratch["store/c"]));

        Assert.Contains("Tokens = 5", head.Actual);
        Assert.Equal($"{bytes.Length - 1} bytes", size.Actual);
    }

    [Fact]
    public async Task An_unfinished_corpus_is_not_there()
    {
        using var store = _scratch.OpenStore();
        using var writer = new TokenCorpusWriter(
            store,
            "c",
            new TokenCorpusOptions { VocabularySize = 9, ShardTokens = 1 }
        );
        await writer.AddAsync(CorpusSplit.Train, new[] { 1, 2 });

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => TokenCorpusCache.FetchAsync(store, "c", _scratch["x"]));
        Assert.Throws<ObjectNotFoundException>(() => TokenCorpus.Open(_scratch["store/c"]));
    }

    private async Task<bool> RoundTripsAsync(IEnumerable<IEnumerable<int>> source, int shardTokens)
    {
        var documents = source.Select(document => document.ToArray()).ToArray();
        await WriteAsync(documents, shardTokens: shardTokens);
        using var corpus = TokenCorpus.Open(_scratch["store/c"]);
        var stream = new long[corpus.Train.Tokens];
        corpus.Train.CopyTokens(0, stream);
        return corpus.Train.Documents == documents.Length
            && stream.SequenceEqual(documents.SelectMany(document => document).Select(id => (long)id))
            && documents.Index().All(item => Equal(corpus.Train.ReadDocument(item.Index), item.Item));
    }

    private static bool Equal(long[] read, int[] written) => read.SequenceEqual(written.Select(id => (long)id));

    private async Task<TokenManifest> WriteAsync(
        int[][] documents,
        int vocabularySize = 300,
        TokenKind kind = TokenKind.Documents,
        long shardTokens = 1000
    )
    {
        using var store = _scratch.OpenStore();
        var options = new TokenCorpusOptions
        {
            VocabularySize = vocabularySize,
            Kind = kind,
            ShardTokens = shardTokens,
            WorkFolder = _scratch.Path,
        };
        using var writer = new TokenCorpusWriter(store, "c", options);
        foreach (var document in documents)
            await writer.AddAsync(CorpusSplit.Train, document);
        return await writer.CompleteAsync();
    }
}
