namespace CodeParrot.Corpus.Secrets;

/// <summary>What the search for secrets found.</summary>
/// <param name="Documents">Documents with at least one.</param>
/// <param name="Found">Places, by kind; kinds that were not found are not listed.</param>
public sealed record SecretCounts(long Documents, IReadOnlyDictionary<SecretKind, long> Found);
