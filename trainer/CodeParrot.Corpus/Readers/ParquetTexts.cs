using Parquet;
using Parquet.Schema;

namespace CodeParrot.Corpus.Readers;

/// <summary>The texts of one column of a row group, as bytes.</summary>
internal sealed class ParquetTexts
{
    private const int NoValue = -1;

    private readonly ReadOnlyMemory<byte>[] _values;

    // For each row the place of its value, where some have none.
    private readonly int[] _places;

    private ParquetTexts(ReadOnlyMemory<byte>[] values, int[] places)
    {
        _values = values;
        _places = places;
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count => _places.Length;

    /// <summary>Gets the bytes of a row; none where it has no value.</summary>
    public ReadOnlyMemory<byte> this[int row] => HasValue(row) ? _values[_places[row]] : default;

    /// <summary>Returns whether a row has a value.</summary>
    public bool HasValue(int row) => row < _places.Length && _places[row] != NoValue;

    /// <summary>Returns a row's text; empty where it has none, or none in UTF-8.</summary>
    public string TextAt(int row) => Utf8Text.Decode(this[row].Span) ?? "";

    /// <summary>Reads a column; one that the file has not has no rows.</summary>
    public static async Task<ParquetTexts> ReadAsync(
        ParquetRowGroupReader reader,
        DataField? field,
        CancellationToken cancellationToken
    )
    {
        if (field is null)
            return new ParquetTexts([], []);
        var rows = checked((int)reader.RowCount);
        var values = new ReadOnlyMemory<byte>[rows];
        // The library sets values close together, and says by a level above 0 which rows they are of.
        var levels = field.IsNullable ? new int[rows] : null;
        // Not by ?: alone, where null would be an array's, and a memory of none.
        Memory<int>? memory = levels is null ? (Memory<int>?)null : levels.AsMemory();
        await reader.ReadRawAsync<ReadOnlyMemory<byte>>(field, values, memory, null, cancellationToken);
        var places = new int[rows];
        var next = 0;
        for (var row = 0; row < rows; row++)
            places[row] = levels is null || levels[row] > 0 ? next++ : NoValue;
        return new ParquetTexts(values, places);
    }
}
