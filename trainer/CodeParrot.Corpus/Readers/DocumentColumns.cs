namespace CodeParrot.Corpus.Readers;

/// <summary>The columns of BigQuery's dump that documents are made from.</summary>
internal static class DocumentColumns
{
    public const string Content = "content";
    public const string RepoName = "repo_name";
    public const string Path = "path";
    public const string License = "license";
    public const string Copies = "copies";

    private const int NamedColumns = 20;

    /// <summary>Returns the mistake of a table without the column that everything is about.</summary>
    public static SourceDamagedException WithoutContent(string uri, string file, IEnumerable<string> columns)
    {
        var names = columns.ToList();
        var more = names.Count > NamedColumns ? ", …" : "";
        return new SourceDamagedException(
            uri,
            file,
            $"has no column '{Content}' of text (its columns: {string.Join(", ", names.Take(NamedColumns))}{more})",
            "name the column of the documents' text so, or leave the file out of the source"
        );
    }
}
