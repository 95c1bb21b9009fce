using System.Text.Json.Serialization;

namespace CodeParrot.Corpus.Readers;

/// <summary>A line, row or file that could not be read as what it should be.</summary>
/// <param name="File">The object's key in the source.</param>
/// <param name="Line">The line, from 1; 0 when the file as a whole, or a row of it, is meant.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadInput(string File, long Line, string Reason)
{
    /// <summary>
    /// Gets the row of a table, from 1 and without the header; 0 when a line or the file as a whole is meant.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Row { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        (Line, Row) switch
        {
            (0, 0) => $"{File}: {Reason}",
            (0, _) => $"{File}, row {Row}: {Reason}",
            _ => $"{File}, line {Line}: {Reason}",
        };
}
