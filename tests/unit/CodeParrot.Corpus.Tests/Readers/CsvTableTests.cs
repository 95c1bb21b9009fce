using CodeParrot.Corpus.Filters;
using static CodeParrot.Corpus.Tests.Readers.Tables;

namespace CodeParrot.Corpus.Tests.Readers;

public sealed class CsvTableTests : IDisposable
{
    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Columns_are_found_by_the_header_in_any_order()
    {
        _scenario.WithFile("d.csv", "license,stars,content,path\nmit,5,\"x = 1\n\",b.py\n,,y = 2,\n");

        var corpus = await _scenario.BuildAsync();
        var documents = await _scenario.ReadAsync(corpus);

        Assert.Equal(
            [("b.py", "mit", "x = 1\n"), ("", "", "y = 2")],
            documents.Select(d => (d.Path, d.License, d.Content))
        );
        Assert.Equal(0, documents[0].Copies);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_name()
    {
        _scenario.WithFile("d.csv", "\uFEFF\"content\",path\nx = 1,b.py\n");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["x = 1"], await _scenario.ContentsAsync(corpus));
    }

    [Fact]
    public async Task Scripts_and_empty_lines_are_no_comments()
    {
        _scenario.WithFile("d.csv", "content,path\n#!/bin/python,a.py\n\n#,b.py\n\r\n");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["#!/bin/python", "#"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(2, corpus.Manifest.Counts.Read);
    }

    [Fact]
    public async Task Bad_rows_are_named_by_file_and_row_and_the_rest_goes_on()
    {
        _scenario.WithFile("sub/d.csv", "path,content\na.py,one\na.py\na.py,\"t\nw\no\"\na.py,x,y\na.py,three");

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["one", "t\nw\no", "three"], await _scenario.ContentsAsync(corpus));
        Assert.Equal([2, 4], corpus.Manifest.Bad.Select(bad => bad.Row));
        Assert.Equal("sub/d.csv, row 2: has 1 fields, not the 2 of the header", $"{corpus.Manifest.Bad[0]}");
        Assert.Equal(5, corpus.Manifest.Counts.Read);
    }

    [Fact]
    public async Task More_bad_rows_than_allowed_end_the_build_with_the_first_ones_named()
    {
        _scenario.WithFile("d.csv", "path,content\n" + string.Concat(Enumerable.Repeat("short\n", 9)) + "a.py,good\n");

        var error = await Assert.ThrowsAsync<TooManyBadDocumentsException>(() =>
            _scenario.BuildAsync(_scenario.Options with { MaxBadDocuments = 8 })
        );

        Assert.Contains("d.csv, row 1: has 1 fields", error.Message);
        Assert.Equal([1, 2, 3, 4, 5], error.First.Select(bad => bad.Row));
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_drop_their_document_alone()
    {
        _scenario.WithFile("d.csv", [.. "content\n\"x"u8, 0xFF, .. "\"\ngood \ufffd\n"u8]);

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["good \ufffd"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.InvalidUtf8]);
    }

    [Theory]
    [InlineData("repo,code\na,x = 1\n", "has no column 'content' of text (its columns: repo, code)")]
    [InlineData("", "is empty: it has no header row")]
    [InlineData("path,content\na.py,\"never closed\n", "row 1 is no CSV, or the file is truncated")]
    [InlineData("path,content\na.py,x\nb.py,\"x\"y\nc.py,z\n", "row 2 is no CSV, or the file is truncated")]
    public async Task A_file_that_cannot_be_told_apart_ends_the_build(string text, string problem)
    {
        _scenario.WithFile("c.csv", Csv([new Row("good")])).WithFile("d.csv", text);

        var error = await Assert.ThrowsAsync<SourceDamagedException>(() => _scenario.BuildAsync());

        Assert.Contains($"d.csv {problem}", error.Message);
        Assert.Contains("leave", error.Message);
    }

    [Theory]
    [InlineData("d.csv.gz")]
    [InlineData("d.csv.zst")]
    public async Task A_truncated_compressed_file_ends_the_build(string name)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(_ => new Row(Convert.ToHexString(Noise(random))));
        var whole = name.EndsWith("gz") ? CorpusScenario.Gzip(Csv(rows)) : CorpusScenario.Zstandard(Csv(rows));
        _scenario.WithFile(name, whole[..(whole.Length * 3 / 4)]);

        var error = await Assert.ThrowsAsync<SourceDamagedException>(() => _scenario.BuildAsync());

        Assert.Contains($"{name} is truncated or damaged", error.Message);
    }

    [Fact]
    public async Task A_document_beyond_all_filters_is_dropped_and_the_next_one_kept()
    {
        _scenario.WithFile("d.csv", Csv([new Row("one"), new Row(new string('x', 9_000_000)), new Row("two")]));

        var corpus = await _scenario.BuildAsync();

        Assert.Equal(["one", "two"], await _scenario.ContentsAsync(corpus));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.TooLarge]);
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[300];
        random.NextBytes(bytes);
        return bytes;
    }
}
