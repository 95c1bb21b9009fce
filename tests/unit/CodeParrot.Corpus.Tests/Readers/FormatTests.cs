using System.Text;
using CodeParrot.Corpus.Readers;
using static CodeParrot.Corpus.Tests.Readers.Tables;

namespace CodeParrot.Corpus.Tests.Readers;

/// <summary>What the formats of a source have in common.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_same_documents_make_the_same_shards_in_every_format(int threads)
    {
        var rows = Enumerable.Range(0, 300).Select(RowOf).ToList();
        var csv = Csv(rows, "\r\n");
        _scenario
            .WithFile("json/d.jsonl", Json(rows))
            .WithFile("csv/d.csv", csv)
            .WithFile("gzip/d.csv.gz", CorpusScenario.Gzip(csv))
            .WithFile("zstd/d.csv.zst", CorpusScenario.Zstandard(csv))
            .WithFile("parquet/d.parquet", await ParquetAsync(rows, rowsInGroup: 70))
            .WithFile("plain/d.parquet", await ParquetAsync(rows, isNullable: false));
        var options = _scenario.Options with
        {
            Threads = threads,
            ShardBytes = 10_000,
            ValidationFraction = 0.1,
            Filters = CorpusScenario.Lenient with
            {
                MaxBytes = int.MaxValue,
                MaxLineLength = int.MaxValue,
                MaxMeanLineLength = int.MaxValue,
            },
        };

        var expected = (await _scenario.BuildAsync(options, "json")).Manifest;
        string[] folders = ["csv", "gzip", "zstd", "parquet", "plain"];
        var found = new List<CorpusManifest>();
        foreach (var folder in folders)
            found.Add((await _scenario.BuildAsync(options, folder)).Manifest);

        Assert.InRange(expected.Train.Count, 2, 20);
        Assert.True(expected.DocumentsOf(CorpusSplit.Validation) > 0);
        Assert.All(found, manifest => Assert.Equal(expected.Train, manifest.Train));
        Assert.All(found, manifest => Assert.Equal(expected.Validation, manifest.Validation));
        Assert.All(found, manifest => Assert.Equal(expected.Counts.Read, manifest.Counts.Read));
        Assert.All(found, manifest => Assert.Equal(expected.Counts.Dropped, manifest.Counts.Dropped));
        Assert.All(found, manifest => Assert.True(manifest.Counts.SourceBytes >= manifest.Counts.KeptBytes));
    }

    [Theory]
    [InlineData(CorpusFormat.Parquet, "a.parquet", "info.json", "b.csv", "c.csv")]
    [InlineData(CorpusFormat.Csv, "a.csv", "b.csv.gz", "c.csv.zst", "info.json")]
    [InlineData(CorpusFormat.JsonLines, "a.jsonl", "b.csv")]
    [InlineData(CorpusFormat.Files, "a.py", "b.csv", "c.csv", "d.parquet")]
    [InlineData(CorpusFormat.Files, "a.txt")]
    public async Task Auto_tells_the_format_by_the_names(CorpusFormat expected, params string[] names)
    {
        foreach (var name in names)
            _scenario.WithFile(name, "x");
        using var tree = new LocalSourceTree(_scenario.Root);

        var listing = await SourceListing.ReadAsync(
            tree,
            CorpusFormat.Auto,
            new IncludePattern("*.py"),
            CancellationToken.None
        );

        Assert.Equal(expected, listing.Format);
    }

    [Theory]
    [InlineData(CorpusFormat.Parquet, "Parquet (.parquet)")]
    [InlineData(CorpusFormat.Csv, "CSV (.csv, with .gz or .zst)")]
    public async Task A_format_that_no_name_speaks_of_says_which_names_would(CorpusFormat format, string names)
    {
        _scenario.WithFile("a.txt", "x");

        var error = await Assert.ThrowsAsync<NoDocumentsException>(() =>
            _scenario.BuildAsync(_scenario.Options with { Format = format })
        );

        Assert.Contains(names, error.Message);
    }

    // Texts that a format could trip over: line ends of all kinds, quotes, commas, characters of all lengths, and one
    // that is longer than a batch.
    private static Row RowOf(int i)
    {
        var text = new StringBuilder($"# {i}\r\nx = \"{i}\", 'é😀'\n\n");
        var random = new Random(i);
        for (var line = 0; line < random.Next(20); line++)
            text.Append("    y[\"").Append(random.Next()).Append("\"] = 1,\r\n");
        if (i == 41)
            text.Append('z', 200_000).Append(",\"\n").Append('z', 1_500_000);
        // Duplicates and others that are dropped.
        var content =
            i % 50 == 7 ? "same"
            : i % 50 == 8 ? "a\0b"
            : text.ToString();
        return new Row(content, i % 20 == 3 ? "notes.txt" : $"lib/é {i}.py", i % 3 == 0 ? "" : "mit");
    }
}
