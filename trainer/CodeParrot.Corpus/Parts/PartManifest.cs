namespace CodeParrot.Corpus.Parts;

/// <summary>What a worker made of a piece; it is written last, so a part with it is complete.</summary>
internal sealed record PartManifest
{
    // Counts up when parts are written otherwise.
    private const int CurrentFormat = 1;

    /// <summary>The format of the files.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The version of the program that made it.</summary>
    public string CreatedBy { get; init; } = CorpusVersion.Product;

    /// <summary>The hash of the inputs of the corpus that it is a part of.</summary>
    public string Corpus { get; init; } = "";

    /// <summary>The place of its piece in the source, from 0.</summary>
    public int Piece { get; init; }

    /// <summary>The digest of the piece's objects.</summary>
    public string SourceDigest { get; init; } = "";

    /// <summary>How many documents are in it.</summary>
    public int Documents { get; init; }

    /// <summary>What became of the others.</summary>
    public PartCounts Counts { get; init; } = new();

    /// <summary>What duplicates of its documents are known by, in their order.</summary>
    public PartFile Index { get; init; } = new("", 0, "");

    /// <summary>The documents, in the source's order.</summary>
    public PartFile Texts { get; init; } = new("", 0, "");

    /// <summary>Returns whether this program made it of this piece for this corpus.</summary>
    public bool IsOf(string corpus, int piece, string sourceDigest) =>
        Format == CurrentFormat
        && CreatedBy == CorpusVersion.Product
        && Corpus == corpus
        && Piece == piece
        && SourceDigest == sourceDigest;
}
