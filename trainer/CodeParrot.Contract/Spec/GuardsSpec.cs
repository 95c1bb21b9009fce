namespace CodeParrot.Contract.Spec;

/// <summary>What keeps steps that would damage the model from being applied.</summary>
public sealed record GuardsSpec
{
    /// <summary>
    /// Steps in a row whose loss or gradient is not a number, before the trainer ends with exit code 40. Each of them
    /// leaves the model as it was. An overflow that a smaller loss scale of Fp16 may cure does not count.
    /// </summary>
    public int MaxBadSteps { get; init; } = 5;

    /// <summary>Steps whose loss or gradient is far above those before.</summary>
    public SpikesSpec Spikes { get; init; } = new();
}
