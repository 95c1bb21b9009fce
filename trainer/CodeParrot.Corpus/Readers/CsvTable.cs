using System.Runtime.CompilerServices;
using System.Text;
using CodeParrot.Corpus.Pipeline;
using Sylvan.Data.Csv;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// Reads comma-separated values with a header row, decompressed by their name, into batches of rows: RFC 4180, quoted
/// fields with line ends in them included.
/// </summary>
internal sealed class CsvTable(ISourceTree tree, DocumentInspector inspector, int batchCharacters)
{
    private const int BufferBytes = 64 * 1024;

    // Where a quote is not closed the rest of the file looks like one field: the reading must end somewhere.
    private const int MaxRowCharacters = 64 * 1024 * 1024;

    /// <summary>Reads an object to its end.</summary>
    /// <exception cref="SourceDamagedException">It is no such table, or is damaged or truncated.</exception>
    public async IAsyncEnumerable<IReadBatch> ReadAsync(
        SourceObject source,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (stream, openFault) = await SourceStreams.TryOpenAsync(tree, source, cancellationToken);
        if (stream is null)
        {
            yield return new BadBatch(new BadInput(source.Key, 0, openFault));
            yield break;
        }
        await using var open = stream;
        using var text = new StreamReader(stream, Utf8Text.Marking, false, BufferBytes, leaveOpen: true);
        await using var csv = await GuardAsync(source, () => OpenAsync(text, cancellationToken));
        var columns = CsvColumns.Of(csv) ?? throw WithoutContent(source, csv);
        var rows = new List<SourceRow>();
        var (characters, bytes) = (0L, 0L);
        while (await GuardAsync(source, () => csv.ReadAsync(cancellationToken)))
        {
            var record = csv.GetRawRecordSpan();
            bytes += Encoding.UTF8.GetByteCount(record);
            // As between JSON lines, an empty line is nothing.
            if (record.Trim("\r\n").Length == 0)
                continue;
            characters += record.Length;
            rows.Add(columns.Read(csv));
            if (characters < batchCharacters)
                continue;
            yield return new RowBatch(source.Key, rows, bytes, inspector);
            rows = [];
            (characters, bytes) = (0, 0);
        }
        if (rows.Count > 0)
            yield return new RowBatch(source.Key, rows, bytes, inspector);
    }

    private static Task<CsvDataReader> OpenAsync(TextReader text, CancellationToken cancellationToken) =>
        CsvDataReader.CreateAsync(
            text,
            new CsvDataReaderOptions
            {
                Delimiter = ',',
                // Scripts begin with the sign that would make a comment of them.
                Comment = '\0',
                MaxBufferSize = MaxRowCharacters,
                OwnsReader = false,
            },
            cancellationToken
        );

    private SourceDamagedException WithoutContent(SourceObject source, CsvDataReader csv) =>
        DocumentColumns.WithoutContent(tree.Uri, source.Key, Enumerable.Range(0, csv.FieldCount).Select(csv.GetName));

    private async Task<T> GuardAsync<T>(SourceObject source, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (CsvMissingHeadersException fault)
        {
            throw Damaged(source, "is empty: it has no header row", fault);
        }
        catch (CsvFormatException fault)
        {
            // After it there is no telling where the next row begins.
            throw Damaged(source, $"row {fault.RowNumber} is no CSV, or the file is truncated: {fault.Message}", fault);
        }
        catch (Exception fault) when (SourceStreams.IsDamage(fault))
        {
            throw Damaged(source, $"is truncated or damaged ({fault.Message})", fault);
        }
        catch (Exception fault) when (LocalFiles.IsFault(fault))
        {
            throw Damaged(source, $"cannot be read: {fault.Message}", fault);
        }
    }

    private SourceDamagedException Damaged(SourceObject source, string problem, Exception fault) =>
        new(tree.Uri, source.Key, problem, "write it again, or leave it out of the source", fault);
}
