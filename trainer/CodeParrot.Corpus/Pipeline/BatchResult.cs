using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>What became of a batch.</summary>
internal sealed class BatchResult
{
    /// <summary>Gets or sets how many documents were looked at, good or bad.</summary>
    public long Read { get; set; }

    /// <summary>Gets or sets the bytes of the source that the batch covers, decompressed.</summary>
    public long SourceBytes { get; set; }

    /// <summary>Gets what could not be read.</summary>
    public List<BadInput> Bad { get; } = [];

    /// <summary>Gets the documents that passed the filters, in the source's order.</summary>
    public List<KeptDocument> Kept { get; } = [];

    /// <summary>Gets how many were dropped, by reason.</summary>
    public long[] Drops { get; } = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>Gets the benchmark problems that dropped documents hold, one entry a document and problem.</summary>
    public List<int> Problems { get; } = [];

    /// <summary>Gets how many secrets were found, by kind; never the secrets.</summary>
    public long[] Secrets { get; } = new long[Enum.GetValues<SecretKind>().Length];

    /// <summary>Gets or sets how many documents they were found in.</summary>
    public long SecretDocuments { get; set; }

    public void Drop(DropReason reason) => Drops[(int)reason]++;
}
