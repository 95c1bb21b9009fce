namespace CodeParrot.Training.Objectives;

/// <summary>
/// BERT's masking (Devlin et al. 2018, §3.1): 15 % of the positions are predicted; of them 80 % show the mask, 10 % a
/// random token, 10 % the token itself, so that the model must keep an opinion of every token it sees.
/// </summary>
/// <param name="time">Tokens of a sequence.</param>
/// <param name="maskId">The mask's id.</param>
/// <param name="vocabularySize">Random tokens are below it.</param>
internal sealed class MaskedObjective(int time, long maskId, int vocabularySize) : IObjective
{
    private const double Share = 0.15;
    private const double Masked = 0.8;
    private const double MaskedOrRandom = 0.9;

    public int SourceTokens => time;

    public int InputTokens => time;

    // A fixed number, as in BERT's own data: every micro-batch's mean then weighs the same in a step's.
    public int TargetTokens { get; } = Math.Max(1, (int)Math.Round(time * Share));

    public bool PredictsNext => false;

    public void Arrange(
        ReadOnlySpan<long> source,
        ulong key,
        Span<long> input,
        Span<long> positions,
        Span<long> targets
    )
    {
        source.CopyTo(input);
        var draws = new KeyedDraws(key);
        draws.Choose(time, positions);
        for (var i = 0; i < positions.Length; i++)
        {
            var position = (int)positions[i];
            targets[i] = source[position];
            var fate = draws.Uniform();
            if (fate < Masked)
            {
                input[position] = maskId;
            }
            else if (fate < MaskedOrRandom)
            {
                input[position] = draws.Below(vocabularySize);
            }
        }
    }
}
