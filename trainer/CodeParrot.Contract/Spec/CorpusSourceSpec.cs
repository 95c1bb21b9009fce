namespace CodeParrot.Contract.Spec;

/// <summary>Where the documents of a corpus are.</summary>
public sealed record CorpusSourceSpec
{
    /// <summary>
    /// <c>s3://bucket/prefix</c>, <c>file:///folder</c>, or a path: one object or all below a prefix.
    /// </summary>
    public string Uri { get; init; } = "";

    /// <summary>What the objects hold; Auto tells by their names.</summary>
    public SourceFormat Format { get; init; } = SourceFormat.Auto;

    /// <summary>Address of an S3-compatible server, when it is not the store's.</summary>
    public string Endpoint { get; init; } = "";
}
