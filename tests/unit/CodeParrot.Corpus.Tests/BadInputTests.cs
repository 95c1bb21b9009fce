using System.Text;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task A_source_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<SourceNotFoundException>(() => _scenario.BuildAsync(source: "missing"));

        Assert.EndsWith("/missing", error.Uri);
        Assert.Contains("spec.corpus.source.uri", error.Message);
    }

    [Fact]
    public async Task A_source_without_a_matching_file_says_how_many_there_were()
    {
        _scenario.WithFile("a.txt", "x").WithFile("b.txt", "y");

        var error = await Assert.ThrowsAsync<NoDocumentsException>(() => _scenario.BuildAsync());

        Assert.Contains("none of its 2 files matches spec.corpus.include '*.py'", error.Message);
    }

    [Fact]
    public async Task A_source_without_a_usable_document_says_what_dropped_them()
    {
        _scenario.WithFile("a.py", "x");

        var error = await Assert.ThrowsAsync<NoDocumentsException>(() =>
            _scenario.BuildAsync(_scenario.Options with { Filters = new FilterOptions() })
        );

        Assert.Contains("TooSmall 1", error.Message);
        Assert.False(Directory.Exists(_scenario.StorePath("corpora")));
    }

    [Fact]
    public async Task Files_that_are_no_text_are_dropped_and_counted()
    {
        _scenario
            .WithFile("latin.py", [(byte)'#', 0xE9, (byte)'\n'])
            .WithFile("nul.py", "a\0b")
            .WithFile("good.py", "x = 1");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["x = 1"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.InvalidUtf8]);
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.NulBytes]);
    }

    [Fact]
    public async Task A_json_line_of_bad_utf8_is_dropped_and_the_next_one_kept()
    {
        byte[] bad = [.. "{\"content\": \""u8, 0xFF, 0xFE, .. "\"}\n"u8];
        _scenario.WithFile("d.jsonl", [.. bad, .. Encoding.UTF8.GetBytes(CorpusScenario.Line("good"))]);

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["good"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.InvalidUtf8]);
    }

    [Theory]
    [InlineData("d.jsonl.gz")]
    [InlineData("d.jsonl.zst")]
    public async Task A_truncated_file_is_named_and_keeps_the_documents_before_the_cut(string name)
    {
        var random = new Random(1);
        var noise = Enumerable
            .Range(0, 400)
            .Select(_ => string.Concat(Enumerable.Range(0, 600).Select(_ => (char)random.Next('a', 'z'))));
        var text = string.Concat(noise.Select(content => CorpusScenario.Line(content)));
        var whole = name.EndsWith("gz") ? CorpusScenario.Gzip(text) : CorpusScenario.Zstandard(text);
        _scenario.WithFile(name, whole[..(whole.Length * 3 / 4)]).WithFile("e.jsonl", CorpusScenario.Line("after"));

        var corpus = await _scenario.BuildAsync();
        var contents = await _scenario.ContentsAsync(corpus);

        var bad = Assert.Single(corpus.Manifest.Bad);
        Assert.Equal(name, bad.File);
        Assert.Contains("truncated or damaged", bad.Reason);
        Assert.InRange(contents.Length, 100, 399);
        Assert.Equal(bad.Line, contents.Length);
        Assert.Equal("after", contents[^1]);
    }

    [Fact]
    public async Task A_cut_at_the_end_of_a_line_is_noticed_too()
    {
        var first = CorpusScenario.Gzip(CorpusScenario.Line("one"));
        // Two members, the second without its trailer: all lines are whole, the file is not.
        _scenario.WithFile("d.jsonl.gz", [.. first, .. CorpusScenario.Gzip(CorpusScenario.Line("two"))[..^8]]);
        _scenario.WithFile("e.jsonl.gz", "no gzip at all");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["one", "two"], await _scenario.ContentsAsync(corpus));
        Assert.Equal([("d.jsonl.gz", 3), ("e.jsonl.gz", 1)], corpus.Manifest.Bad.Select(bad => (bad.File, bad.Line)));
    }

    [Fact]
    public async Task Bad_lines_are_named_by_file_and_line_and_the_rest_goes_on()
    {
        var lines = CorpusScenario.Line("one") + "{\"content\": 5}\n\nnot json\n[1]\n" + CorpusScenario.Line("two");
        _scenario.WithFile("sub/d.jsonl", lines + "{\"content\": \"cut");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["one", "two"], await _scenario.ContentsAsync(corpus));
        Assert.Equal([2, 4, 5, 7], corpus.Manifest.Bad.Select(bad => bad.Line));
        Assert.All(corpus.Manifest.Bad, bad => Assert.Equal("sub/d.jsonl", bad.File));
        Assert.Contains("'content'", corpus.Manifest.Bad[0].Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task More_bad_lines_than_allowed_end_the_build_with_the_first_ones_named(int threads)
    {
        _scenario.WithFile("d.jsonl", string.Concat(Enumerable.Repeat("bad\n", 9)) + CorpusScenario.Line("one"));
        var options = _scenario.Options with { MaxBadDocuments = 8, Threads = threads };

        var error = await Assert.ThrowsAsync<TooManyBadDocumentsException>(() => _scenario.BuildAsync(options));
        var built = await _scenario.BuildAsync(options with { MaxBadDocuments = 9 });

        Assert.Equal([1, 2, 3, 4, 5], error.First.Select(bad => bad.Line));
        Assert.Contains("more than 8 bad lines", error.Message);
        Assert.Contains("d.jsonl, line 1: not a JSON object", error.Message);
        Assert.Equal(1, built.Documents);
    }

    [Fact]
    public async Task A_line_beyond_all_bounds_is_passed_over()
    {
        var tooLong = CorpusScenario.Line(new string('x', 3_000_000));
        _scenario.WithFile("d.jsonl", CorpusScenario.Line("one") + tooLong + CorpusScenario.Line("two") + "bad\n");
        var filters = CorpusScenario.Lenient with { MaxBytes = 1000 };

        var corpus = await _scenario.BuildAsync(_scenario.Options with { Filters = filters });

        Assert.Equal(["one", "two"], await _scenario.ContentsAsync(corpus));
        Assert.Equal([2, 4], corpus.Manifest.Bad.Select(bad => bad.Line));
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_counted_and_named()
    {
        _scenario.WithFile("good.py", "x = 1");
        File.CreateSymbolicLink(Path.Combine(_scenario.Root, "gone.py"), "/nonexistent/file.py");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal("gone.py", Assert.Single(corpus.Manifest.Bad).File);
        Assert.Equal(["x = 1"], await _scenario.ContentsAsync(corpus));
    }

    [Fact]
    public async Task A_source_that_changes_while_it_is_read_is_refused()
    {
        for (var i = 0; i < 40; i++)
            _scenario.WithFile($"a/{i}.py", $"x = {i}");
        _scenario.WithFile("z/b.py", "y = 1");
        using var tree = new ChangingTree(
            new LocalSourceTree(_scenario.Root),
            () => _scenario.WithFile("z/c.py", "y = 2")
        );
        var options = _scenario.Options with { Threads = 1 };
        var builder = new CorpusBuilder(options, tree, _scenario.Store, TimeProvider.System);

        await Assert.ThrowsAsync<SourceChangedException>(() => builder.BuildAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(60)]
    public async Task A_damaged_document_shard_is_reported_when_it_is_read(int offset)
    {
        _scenario.WithFile("a.py", string.Join('\n', Enumerable.Range(0, 50).Select(i => $"x{i * 7919} = {i}")));
        var corpus = await _scenario.BuildAsync();
        var path = _scenario.StorePath($"{corpus.Prefix}/documents-00000.jsonl.zst");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[offset] ^= 4;
        await File.WriteAllBytesAsync(path, bytes);

        var error = await Assert.ThrowsAsync<StoreCorruptionException>(() => _scenario.ReadAsync(corpus));

        Assert.EndsWith("documents-00000.jsonl.zst", error.Key);
        Assert.Equal($"sha256 {corpus.Manifest.Train[0].Sha256}", error.Expected);
    }

    private sealed class ChangingTree(ISourceTree tree, Action change) : ISourceTree
    {
        public string Uri => tree.Uri;

        public IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancellationToken = default) =>
            tree.ListAsync(cancellationToken);

        public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken = default)
        {
            change();
            return tree.OpenAsync(source, cancellationToken);
        }

        public Task<Stream> OpenAtAsync(
            SourceObject source,
            long offset,
            CancellationToken cancellationToken = default
        ) => tree.OpenAtAsync(source, offset, cancellationToken);

        public void Dispose() => tree.Dispose();
    }
}
