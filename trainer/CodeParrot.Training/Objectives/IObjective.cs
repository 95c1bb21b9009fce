namespace CodeParrot.Training.Objectives;

/// <summary>
/// Turns a sequence of the corpus into what the model sees and what it must predict. A pure function of the sequence
/// and a key, so that a sample is the same at any world size and after a resume; safe from many threads.
/// </summary>
internal interface IObjective
{
    /// <summary>Gets the tokens of the corpus that a sequence takes.</summary>
    int SourceTokens { get; }

    /// <summary>Gets the tokens that the model sees of it.</summary>
    int InputTokens { get; }

    /// <summary>Gets how many tokens of it are predicted, the same for every sequence.</summary>
    int TargetTokens { get; }

    /// <summary>
    /// Gets whether the targets are simply the tokens that follow: <see cref="Arrange"/> then writes no positions and
    /// targets, and the model takes them from the input.
    /// </summary>
    bool PredictsNext { get; }

    /// <summary>Arranges one sequence.</summary>
    /// <param name="source">Its tokens, <see cref="SourceTokens"/> of them.</param>
    /// <param name="key">Decides what is hidden.</param>
    /// <param name="input">Receives what the model sees, <see cref="InputTokens"/> ids.</param>
    /// <param name="positions">
    /// Receives the positions in the input whose output predicts, ascending; empty where the next token is predicted.
    /// </param>
    /// <param name="targets">Receives what they predict.</param>
    void Arrange(ReadOnlySpan<long> source, ulong key, Span<long> input, Span<long> positions, Span<long> targets);
}
