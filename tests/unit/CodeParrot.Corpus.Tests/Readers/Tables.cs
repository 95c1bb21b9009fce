using System.Text;
using Parquet;
using Parquet.Schema;

namespace CodeParrot.Corpus.Tests.Readers;

/// <summary>Tables of documents as other programs write them.</summary>
internal static class Tables
{
    private const string Header = "repo_name,path,copies,size,content,license";

    /// <summary>A row of the dump; copies and size are text there.</summary>
    public sealed record Row(string? Content, string Path = "a.py", string License = "mit", string Copies = "3");

    /// <summary>Writes a Parquet file with as many rows in a group.</summary>
    public static async Task<byte[]> ParquetAsync(
        IReadOnlyList<Row> rows,
        int rowsInGroup = int.MaxValue,
        CompressionMethod compression = CompressionMethod.Snappy,
        bool isNullable = true
    )
    {
        var fields = new[] { "repo_name", "path", "copies", "size", "content", "license" }
            .Select(name => new DataField(name, typeof(string), isNullable))
            .ToArray();
        var bytes = new MemoryStream();
        var options = new ParquetOptions { CompressionMethod = compression };
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), bytes, options))
        {
            foreach (var group in rows.Chunk(rowsInGroup))
            {
                using var target = writer.CreateRowGroup();
                await target.WriteAsync(fields[0], group.Select(_ => "me/repo").ToArray());
                await target.WriteAsync(fields[1], group.Select(row => row.Path).ToArray());
                await target.WriteAsync(fields[2], group.Select(row => row.Copies).ToArray());
                await target.WriteAsync(fields[3], group.Select(_ => "9").ToArray());
                await target.WriteAsync(fields[4], group.Select(row => row.Content!).ToArray());
                await target.WriteAsync(fields[5], group.Select(row => row.License).ToArray());
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Writes CSV as BigQuery exports it: fields are quoted where they must be.</summary>
    public static string Csv(IEnumerable<Row> rows, string lineEnd = "\n")
    {
        var text = new StringBuilder(Header).Append(lineEnd);
        foreach (var row in rows)
        {
            var fields = new[] { "me/repo", row.Path, row.Copies, "9", row.Content!, row.License };
            text.AppendJoin(',', fields.Select(Quote)).Append(lineEnd);
        }
        return text.ToString();
    }

    /// <summary>Writes JSON lines.</summary>
    public static string Json(IEnumerable<Row> rows) =>
        string.Concat(rows.Select(row => CorpusScenario.Line(row.Content!, row.Path, row.License)));

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny("\",\r\n") ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
}
