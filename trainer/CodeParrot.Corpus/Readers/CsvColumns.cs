using CodeParrot.Corpus.Pipeline;
using Sylvan.Data.Csv;

namespace CodeParrot.Corpus.Readers;

/// <summary>Where the columns of a document stand in a CSV file.</summary>
internal sealed class CsvColumns
{
    private readonly int _content;
    private readonly int _repoName;
    private readonly int _path;
    private readonly int _license;
    private readonly int _copies;

    private CsvColumns(CsvDataReader csv)
    {
        _content = PlaceOf(csv, DocumentColumns.Content);
        _repoName = PlaceOf(csv, DocumentColumns.RepoName);
        _path = PlaceOf(csv, DocumentColumns.Path);
        _license = PlaceOf(csv, DocumentColumns.License);
        _copies = PlaceOf(csv, DocumentColumns.Copies);
    }

    /// <summary>Finds them by the header row; null where there is no content.</summary>
    public static CsvColumns? Of(CsvDataReader csv)
    {
        var columns = new CsvColumns(csv);
        return columns._content < 0 ? null : columns;
    }

    /// <summary>Returns the row that the reader stands on.</summary>
    public SourceRow Read(CsvDataReader csv)
    {
        if (csv.RowFieldCount != csv.FieldCount)
        {
            var fault = $"has {csv.RowFieldCount} fields, not the {csv.FieldCount} of the header";
            return new SourceRow(csv.RowNumber, default, fault);
        }
        var document = new RawDocument
        {
            Content = Utf8Text.Unmarked(csv.GetString(_content)),
            RepoName = TextOf(csv, _repoName),
            Path = TextOf(csv, _path),
            License = TextOf(csv, _license),
            Copies = long.TryParse(TextOf(csv, _copies), out var copies) ? copies : 0,
        };
        return new SourceRow(csv.RowNumber, document);
    }

    private static string TextOf(CsvDataReader csv, int place) =>
        place < 0 ? "" : Utf8Text.Unmarked(csv.GetString(place)) ?? "";

    private static int PlaceOf(CsvDataReader csv, string name)
    {
        for (var place = 0; place < csv.FieldCount; place++)
        {
            if (csv.GetName(place) == name)
                return place;
        }
        return -1;
    }
}
