using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using Parquet;
using Parquet.Schema;
using static CodeParrot.Corpus.Tests.Readers.Tables;

namespace CodeParrot.Corpus.Tests.Readers;

public sealed class ParquetTableTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task Every_usual_compression_is_read(CompressionMethod compression)
    {
        var rows = Enumerable.Range(0, 50).Select(i => new Row($"x = {i}\n")).ToList();
        _scenario.WithFile("d.parquet", await ParquetAsync(rows, 7, compression));

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(rows.Select(row => row.Content), await _scenario.ContentsAsync(corpus));
    }

    [Fact]
    public async Task A_row_without_text_is_named_by_its_number_in_the_file()
    {
        Row[] rows = [new("one"), new("two"), new("three"), new(Content: null), new("five")];
        _scenario.WithFile("d.parquet", await ParquetAsync(rows, rowsInGroup: 2));

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["one", "two", "three", "five"], await _scenario.ContentsAsync(corpus));
        Assert.Equal("d.parquet, row 4: has no text in a field 'content'", $"{Assert.Single(corpus.Manifest.Bad)}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Numbers_of_copies_are_read_and_bytes_that_are_no_utf8_drop_their_document(bool isNullable)
    {
        var copies = new DataField("copies", typeof(long), isNullable);
        var content = new DataField("content", typeof(byte[]), isNullable);
        var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(copies, content), file))
        {
            using var group = writer.CreateRowGroup();
            if (isNullable)
                await group.WriteAsync<long>(copies, new long?[] { 7, 8, null });
            else
                await group.WriteAsync<long>(copies, new long[] { 7, 8, 0 });
            await group.WriteAsync(content, ["one"u8.ToArray(), [0xFF], "é"u8.ToArray()]);
        }
        _scenario.WithFile("d.parquet", file.ToArray());

        var corpus = await _scenario.BuildAsync();
        var documents = await _scenario.ReadAsync(corpus);

        Assert.Equal([("one", 7), ("é", 0)], documents.Select(document => (document.Content, document.Copies)));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.InvalidUtf8]);
    }

    [Theory]
    [InlineData("duckdb.parquet")]
    [InlineData("arrow.parquet")]
    public async Task Files_of_other_writers_are_read(string name)
    {
        _scenario.WithFile(name, await File.ReadAllBytesAsync(FixturePath(name)));

        var corpus = await _scenario.BuildAsync();
        var documents = await _scenario.ReadAsync(corpus);

        // What Fixtures/README.md says of every writer's file.
        Assert.Equal(40, documents.Count);
        Assert.All(documents.Index(), pair => Assert.Equal(FixtureText(pair.Index), pair.Item.Content));
        Assert.All(documents, document => Assert.Equal(("me/repo", "mit"), (document.RepoName, document.License)));
        Assert.Equal(["lib/é 0.py", "lib/é 1.py"], documents.Take(2).Select(document => document.Path));
        Assert.Equal([1, 2, 3], documents.Take(3).Select(document => document.Copies));
    }

    [Fact]
    public async Task A_file_without_the_column_names_those_it_has()
    {
        var code = new DataField("code", typeof(string));
        var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(code), file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(code, ["x"]);
        }
        _scenario.WithFile("d.parquet", file.ToArray());

        var error = await Assert.ThrowsAsync<SourceDamagedException>(() => _scenario.BuildAsync());

        Assert.Contains("d.parquet has no column 'content' of text (its columns: code)", error.Message);
    }

    [Theory]
    [InlineData(0, "is no Parquet file")]
    [InlineData(11, "is no Parquet file")]
    [InlineData(200, "is truncated")]
    [InlineData(-4, "is truncated")]
    public async Task A_file_that_was_cut_ends_the_build(int length, string problem)
    {
        var whole = await ParquetAsync([new Row("one"), new Row("two")]);
        _scenario.WithFile("d.parquet", length < 0 ? whole[..^-length] : whole[..length]);

        var error = await Assert.ThrowsAsync<SourceDamagedException>(() => _scenario.BuildAsync());

        Assert.Contains($"d.parquet {problem}", error.Message);
    }

    [Fact]
    public async Task A_row_group_that_would_not_fit_into_memory_is_refused_with_its_size()
    {
        _scenario.WithFile("d.parquet", await ParquetAsync([new Row("one"), new Row(new string('x', 5000))], 1));
        using var tree = new LocalSourceTree(_scenario.Root);
        var inspector = new DocumentInspector(
            CorpusScenario.Lenient,
            [],
            new IncludePattern("*.py"),
            new ContentRules()
        );
        var source = await tree.ListAsync(TestContext.Current.CancellationToken)
            .FirstAsync(TestContext.Current.CancellationToken);
        var table = new ParquetTable(tree, inspector, batchBytes: 1000, memoryBytes: 16_000);
        var batches = 0;

        var error = await Assert.ThrowsAsync<SourceDamagedException>(async () =>
        {
            await foreach (var _ in table.ReadAsync(source, TestContext.Current.CancellationToken))
                batches++;
        });

        Assert.Equal(1, batches);
        Assert.Contains("bytes of text in its row group 1", error.Message);
        Assert.Contains("smaller row groups", error.Message);
    }

    [Fact]
    public async Task A_file_of_another_kind_ends_the_build()
    {
        _scenario.WithFile("d.parquet", "path,content\na.py,x = 1\n");

        var error = await Assert.ThrowsAsync<SourceDamagedException>(() => _scenario.BuildAsync());

        Assert.Contains("d.parquet is no Parquet file: it does not begin with PAR1", error.Message);
    }

    // Bits of one file turned one after the other: what the library makes of them is a document or a damage, never
    // another exception, and never a reader that waits for bytes that do not come.
    [Fact]
    public async Task Damage_is_an_error_of_the_source_wherever_it_is()
    {
        var whole = await ParquetAsync([new Row("one = 1\n"), new Row("two = 2\n")], rowsInGroup: 1);
        var damaged = 0;
        for (var place = 4; place < whole.Length - 4; place += 29)
        {
            var bytes = (byte[])whole.Clone();
            bytes[place] ^= 2;
            // Another name makes another corpus: the same one would be found built.
            _scenario.WithFile($"{place}/d{place}.parquet", bytes);
            try
            {
                await _scenario.BuildAsync(source: $"{place}");
            }
            catch (SourceDamagedException error)
            {
                Assert.Contains($"d{place}.parquet", error.Message);
                damaged++;
            }
            catch (CorpusException) { }
        }

        Assert.InRange(damaged, 3, whole.Length);
    }

    [Fact]
    public async Task A_store_is_asked_for_what_is_read_and_not_byte_by_byte()
    {
        var rows = Enumerable.Range(0, 2000).Select(i => new Row($"x = {i}\n" + new string('#', i % 900))).ToList();
        _scenario.WithFile("d.parquet", await ParquetAsync(rows, rowsInGroup: 500, CompressionMethod.None));
        using var tree = new CountingTree(new LocalSourceTree(_scenario.Root));
        var builder = new CorpusBuilder(_scenario.Options, tree, _scenario.Store, TimeProvider.System);

        var corpus = await builder.BuildAsync();

        Assert.Equal(2000, corpus.Documents);
        // Both ends, the footer, and each of the four groups in one go or two.
        Assert.InRange(tree.Opened, 2, 10);
    }

    private static string FixturePath(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Readers", "Fixtures", name);

    private static string FixtureText(int row) =>
        $"# {row}\r\nx = \"{row}\", 'é'\n" + string.Concat(Enumerable.Repeat("    y[1] = 2\n", row));

    private sealed class CountingTree(ISourceTree tree) : ISourceTree
    {
        public int Opened { get; private set; }

        public string Uri => tree.Uri;

        public IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancellationToken = default) =>
            tree.ListAsync(cancellationToken);

        public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken = default) =>
            OpenAtAsync(source, 0, cancellationToken);

        public Task<Stream> OpenAtAsync(SourceObject source, long offset, CancellationToken cancellationToken = default)
        {
            Opened++;
            return tree.OpenAtAsync(source, offset, cancellationToken);
        }

        public void Dispose() => tree.Dispose();
    }
}
