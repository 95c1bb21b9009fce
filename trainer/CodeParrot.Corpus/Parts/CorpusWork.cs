using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Parts;

/// <summary>What is to be built, as every worker finds it for itself.</summary>
/// <param name="Listing">What a walk over the source said.</param>
/// <param name="Inputs">All that decides about the corpus.</param>
/// <param name="Rules">What is done with the texts that pass the filters.</param>
/// <param name="Parts">Where workers leave what they made.</param>
internal sealed record CorpusWork(SourceListing Listing, CorpusInputs Inputs, ContentRules Rules, PartStore Parts)
{
    /// <summary>Gets where the corpus will lie.</summary>
    public string Prefix => $"corpora/{Inputs.Hash}";
}
