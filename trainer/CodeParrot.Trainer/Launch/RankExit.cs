using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Launch;

/// <summary>How a rank ended.</summary>
/// <param name="Rank">Index in the gang.</param>
/// <param name="Code">Exit code; 128 + n for signal n.</param>
/// <param name="Message">What it said, or null if it was killed before it could.</param>
internal sealed record RankExit(int Rank, int Code, TerminationMessage? Message);
