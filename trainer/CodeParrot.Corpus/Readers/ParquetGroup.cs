using CodeParrot.Corpus.Pipeline;
using Parquet;
using Parquet.Schema;

namespace CodeParrot.Corpus.Readers;

/// <summary>A row group in memory. Rows may be taken from many threads.</summary>
internal sealed class ParquetGroup
{
    private readonly ParquetTexts _content;
    private readonly ParquetTexts _repoName;
    private readonly ParquetTexts _path;
    private readonly ParquetTexts _license;
    private readonly ParquetTexts _copies;
    private readonly long?[] _copyCounts;
    private readonly long _firstRow;

    private ParquetGroup(
        ParquetTexts content,
        ParquetTexts repoName,
        ParquetTexts path,
        ParquetTexts license,
        ParquetTexts copies,
        long?[] copyCounts,
        long firstRow
    )
    {
        _content = content;
        _repoName = repoName;
        _path = path;
        _license = license;
        _copies = copies;
        _copyCounts = copyCounts;
        _firstRow = firstRow;
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count => _content.Count;

    /// <summary>Reads the columns of a row group.</summary>
    public static async Task<ParquetGroup> ReadAsync(
        ParquetRowGroupReader reader,
        ParquetColumns columns,
        long firstRow,
        CancellationToken cancellationToken
    )
    {
        DataField?[] fields = [columns.Content, columns.RepoName, columns.Path, columns.License, columns.Copies];
        var texts = new ParquetTexts[fields.Length];
        // As they lie in the file, so that a store is read in one go.
        foreach (var column in Enumerable.Range(0, fields.Length).OrderBy(column => OffsetOf(reader, fields[column])))
            texts[column] = await ParquetTexts.ReadAsync(reader, fields[column], cancellationToken);
        var counts = await CountsAsync(reader, columns.CopyCounts, cancellationToken);
        return new ParquetGroup(texts[0], texts[1], texts[2], texts[3], texts[4], counts, firstRow);
    }

    /// <summary>Cuts the group into runs of rows with about as many bytes.</summary>
    public IEnumerable<(int Start, int Count, long Bytes)> Cut(int bytesInPiece)
    {
        var (start, bytes) = (0, 0L);
        for (var row = 0; row < Count; row++)
        {
            bytes += _content[row].Length + _path[row].Length + _repoName[row].Length + _license[row].Length;
            if (bytes < bytesInPiece)
                continue;
            yield return (start, row + 1 - start, bytes);
            (start, bytes) = (row + 1, 0);
        }
        if (start < Count)
            yield return (start, Count - start, bytes);
    }

    /// <summary>Decodes rows, as they are asked for.</summary>
    public IEnumerable<SourceRow> Rows(int start, int count)
    {
        for (var row = start; row < start + count; row++)
            yield return Decode(row);
    }

    private SourceRow Decode(int row)
    {
        var number = _firstRow + row;
        if (!_content.HasValue(row))
            return new SourceRow(number, default, $"has no text in a field '{DocumentColumns.Content}'");
        var document = new RawDocument
        {
            Content = Utf8Text.Decode(_content[row].Span),
            RepoName = _repoName.TextAt(row),
            Path = _path.TextAt(row),
            License = _license.TextAt(row),
            Copies = CopiesAt(row),
        };
        return new SourceRow(number, document);
    }

    private long CopiesAt(int row)
    {
        if (_copyCounts.Length > 0)
            return _copyCounts[row] ?? 0;
        return long.TryParse(_copies[row].Span, out var copies) ? copies : 0;
    }

    private static long OffsetOf(ParquetRowGroupReader reader, DataField? field) =>
        field is null ? 0 : reader.GetMetadata(field)?.MetaData?.DataPageOffset ?? 0;

    private static Task<long?[]> CountsAsync(
        ParquetRowGroupReader reader,
        DataField? field,
        CancellationToken cancellationToken
    ) =>
        field is null ? Task.FromResult<long?[]>([])
        : field.ClrType == typeof(int) ? CountsAsync<int>(reader, field, count => count, cancellationToken)
        : CountsAsync<long>(reader, field, count => count, cancellationToken);

    private static async Task<long?[]> CountsAsync<T>(
        ParquetRowGroupReader reader,
        DataField field,
        Func<T, long> widen,
        CancellationToken cancellationToken
    )
        where T : struct
    {
        var rows = checked((int)reader.RowCount);
        if (!field.IsNullable)
        {
            var all = new T[rows];
            await reader.ReadAsync<T>(field, all.AsMemory(), null, cancellationToken);
            return Array.ConvertAll(all, count => (long?)widen(count));
        }
        var some = new T?[rows];
        await reader.ReadAsync<T>(field, some.AsMemory(), null, cancellationToken);
        return Array.ConvertAll(some, count => count is { } known ? widen(known) : (long?)null);
    }
}
