using Parquet.Schema;

namespace CodeParrot.Corpus.Readers;

/// <summary>The columns of a Parquet file that documents are made from; null where it has no such one.</summary>
/// <param name="Content">The texts, as bytes.</param>
/// <param name="RepoName">Repositories.</param>
/// <param name="Path">Paths.</param>
/// <param name="License">Licences.</param>
/// <param name="Copies">Copies as text, as BigQuery has them.</param>
/// <param name="CopyCounts">Copies as a number.</param>
internal sealed record ParquetColumns(
    DataField Content,
    DataField? RepoName,
    DataField? Path,
    DataField? License,
    DataField? Copies,
    DataField? CopyCounts
)
{
    /// <summary>Finds them at the top of a schema; null where there is no content.</summary>
    public static ParquetColumns? Of(ParquetSchema schema) =>
        TextOf(schema, DocumentColumns.Content) is { } content
            ? new ParquetColumns(
                content,
                TextOf(schema, DocumentColumns.RepoName),
                TextOf(schema, DocumentColumns.Path),
                TextOf(schema, DocumentColumns.License),
                TextOf(schema, DocumentColumns.Copies),
                Find(schema, DocumentColumns.Copies) is { } copies && IsNumber(copies) ? copies : null
            )
            : null;

    // As bytes texts are not copied, and what is no UTF-8 can be told.
    private static DataField? TextOf(ParquetSchema schema, string name)
    {
        if (Find(schema, name) is not { } found || !IsText(found))
            return null;
        var bytes = new DataField(name, typeof(byte[]), found.IsNullable);
        // A field knows its place once it is part of a schema.
        return new ParquetSchema(bytes).DataFields[0];
    }

    private static DataField? Find(ParquetSchema schema, string name) =>
        schema.Fields.OfType<DataField>().FirstOrDefault(field => field.Name == name && !field.IsArray);

    private static bool IsText(DataField field) =>
        field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    private static bool IsNumber(DataField field) => field.ClrType == typeof(int) || field.ClrType == typeof(long);
}
