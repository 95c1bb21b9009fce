namespace CodeParrot.Training.Objectives;

/// <summary>Every token but the first, from those before it.</summary>
/// <param name="time">Tokens of a sequence.</param>
internal sealed class NextTokenObjective(int time) : IObjective
{
    public int SourceTokens => time;

    public int InputTokens => time;

    public int TargetTokens => time - 1;

    public bool PredictsNext => true;

    public void Arrange(
        ReadOnlySpan<long> source,
        ulong key,
        Span<long> input,
        Span<long> positions,
        Span<long> targets
    ) => source.CopyTo(input);
}
