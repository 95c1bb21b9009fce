namespace CodeParrot.Model;

/// <summary>Constants of AdamW; the learning rate comes with each step.</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the running mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the running mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, after bias correction.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled decay of matrices and embeddings; biases and LayerNorms have none.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Yields every mistake with its field, what it must be and what it was.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (field, value) in new[] { ("beta1", Beta1), ("beta2", Beta2) })
        {
            if (!(value >= 0 && value < 1))
            {
                yield return $"{field}: must be at least 0 and below 1, was {value}";
            }
        }

        foreach (var (field, value) in new[] { ("epsilon", Epsilon), ("weightDecay", WeightDecay) })
        {
            if (!(value >= 0 && double.IsFinite(value)))
            {
                yield return $"{field}: must be at least 0 and finite, was {value}";
            }
        }
    }
}
