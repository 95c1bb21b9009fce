using CodeParrot.Corpus;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Processor seconds of a corpus.</summary>
/// <param name="Corpus">What was built.</param>
/// <param name="Helped">The second worker's share; 0 without one.</param>
/// <param name="Own">The first worker's share.</param>
/// <param name="Merge">What it did with all shares; 0 for a worker alone.</param>
internal sealed record WorkersFigures(CorpusResult Corpus, double Helped, double Own, double Merge);
