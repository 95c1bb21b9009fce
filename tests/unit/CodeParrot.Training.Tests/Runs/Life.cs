using CodeParrot.Distributed;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>One pod of a rank, and what became of it.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Generation">Which of the rank's pods it is.</param>
internal sealed record Life(int Rank, int Generation)
{
    /// <summary>Everything that its engine told.</summary>
    public RecordingObserver Observer { get; } = new();

    /// <summary>The round that it is in; null before the first.</summary>
    public JoinedRound? Round { get; set; }

    /// <summary>How it ended well; null if it did not.</summary>
    public TrainingResult? Result { get; set; }

    /// <summary>How it failed; null if it did not.</summary>
    public Exception? Error { get; set; }
}
