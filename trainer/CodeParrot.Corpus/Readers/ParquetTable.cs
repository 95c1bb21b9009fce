using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Storage;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// Reads Parquet files into batches of rows. One row group at a time is in memory, its columns as they are stored; the
/// batches decode and judge their rows.
/// </summary>
internal sealed class ParquetTable(
    ISourceTree tree,
    DocumentInspector inspector,
    int batchBytes,
    long? memoryBytes = null
)
{
    private const string Rewrite = "write it again, or leave it out of the source";
    private const int BufferBytes = 128 * 1024;

    // Magic numbers at both ends, and the length of the footer.
    private const int MinFileBytes = 12;

    // Beside the texts as they are stored some batches are decoded, as text and as lines.
    private const int MemoryShare = 4;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Reads an object to its end.</summary>
    /// <exception cref="SourceDamagedException">
    /// It is no such table, is damaged or truncated, or a row group of it does not fit into memory.
    /// </exception>
    public async IAsyncEnumerable<IReadBatch> ReadAsync(
        SourceObject source,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (source.Fault is not null)
        {
            yield return new BadBatch(new BadInput(source.Key, 0, source.Fault));
            yield break;
        }
        await using var stream = new BufferedStream(new RangeStream(tree, source, cancellationToken), BufferBytes);
        await GuardAsync(source, "", () => CheckEndsAsync(source, stream, cancellationToken));
        await using var parquet = await GuardAsync(
            source,
            "its footer ",
            () => ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken)
        );
        var schema = await GuardAsync(source, "its schema ", () => Task.FromResult(parquet.Schema));
        var columns = ParquetColumns.Of(schema) ?? throw WithoutContent(source, schema);
        var firstRow = 1L;
        for (var index = 0; index < parquet.RowGroupCount; index++)
        {
            var group = await GuardAsync(
                source,
                $"its row group {index} ",
                () =>
                {
                    var reader = parquet.OpenRowGroupReader(index);
                    RequireMemory(source, index, reader.GetMetadata(columns.Content));
                    return ParquetGroup.ReadAsync(reader, columns, firstRow, cancellationToken);
                }
            );
            foreach (var (start, count, bytes) in group.Cut(batchBytes))
                yield return new RowBatch(source.Key, group.Rows(start, count), bytes, inspector);
            firstRow += group.Count;
        }
    }

    private async Task<bool> CheckEndsAsync(SourceObject source, Stream stream, CancellationToken cancellationToken)
    {
        var ends = new byte[2 * Magic.Length];
        if (source.SizeBytes >= MinFileBytes)
        {
            await stream.ReadExactlyAsync(ends.AsMemory(0, Magic.Length), cancellationToken);
            stream.Seek(-Magic.Length, SeekOrigin.End);
            await stream.ReadExactlyAsync(ends.AsMemory(Magic.Length), cancellationToken);
        }
        if (!ends.AsSpan().StartsWith(Magic))
            throw Damaged(source, "is no Parquet file: it does not begin with PAR1");
        return ends.AsSpan().EndsWith(Magic)
            ? true
            : throw Damaged(source, "is truncated: a Parquet file ends with PAR1");
    }

    private void RequireMemory(SourceObject source, int index, ColumnChunk? content)
    {
        var contentBytes = content?.MetaData?.TotalUncompressedSize ?? 0;
        var limit = (memoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) / MemoryShare;
        if (limit > 0 && contentBytes > limit)
            throw new SourceDamagedException(
                tree.Uri,
                source.Key,
                $"has {contentBytes:N0} bytes of text in its row group {index}, and a group is held in memory; at most "
                    + $"a quarter of the memory, {limit:N0} bytes, is given to it",
                "give the stage more memory, or write the file with smaller row groups"
            );
    }

    private SourceDamagedException WithoutContent(SourceObject source, ParquetSchema schema) =>
        DocumentColumns.WithoutContent(tree.Uri, source.Key, schema.Fields.Select(field => field.Name));

    // Bytes that are not what they should be lead the library into exceptions of many types.
    private async Task<T> GuardAsync<T>(SourceObject source, string part, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            throw Damaged(source, $"is damaged: {part}cannot be read ({fault.Message})", fault);
        }
    }

    private static bool IsDamage(Exception fault) =>
        fault is not (OperationCanceledException or StoreException or OutOfMemoryException or CorpusException);

    private SourceDamagedException Damaged(SourceObject source, string problem, Exception? fault = null) =>
        new(tree.Uri, source.Key, problem, Rewrite, fault);
}
