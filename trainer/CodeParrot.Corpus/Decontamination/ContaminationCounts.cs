namespace CodeParrot.Corpus.Decontamination;

/// <summary>What the search for benchmarks found.</summary>
/// <param name="Problems">Problems that were looked for.</param>
/// <param name="TooShort">Those of them that hold too few words to tell them by.</param>
/// <param name="Documents">Documents that hold a problem, by its name; problems that none holds are not listed.</param>
public sealed record ContaminationCounts(int Problems, int TooShort, IReadOnlyDictionary<string, long> Documents);
