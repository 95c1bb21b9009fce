namespace CodeParrot.Evaluation.HumanEval;

/// <summary>What is sampled, and how it is scored.</summary>
public sealed record HumanEvalOptions
{
    private static readonly int[] Usual = [1, 10, 100];

    /// <summary>Completions a problem.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>Sampling temperature, above 0.</summary>
    public double Temperature { get; init; } = 0.2;

    /// <summary>Nucleus mass, above 0 and at most 1.</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>The k of pass@k; null takes 1, 10 and 100 as far as there are so many samples.</summary>
    public IReadOnlyList<int>? PassAt { get; init; }

    /// <summary>Most tokens of a completion.</summary>
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Every completion follows from it, its problem and its number.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The k in force, ascending.</summary>
    public IReadOnlyList<int> Ks =>
        PassAt is null ? [.. Usual.Where(k => k <= Samples)] : [.. PassAt.Distinct().Order()];

    /// <summary>Yields every mistake with its field, what it must be and what it was.</summary>
    public IEnumerable<string> Validate()
    {
        if (Samples < 1)
        {
            yield return $"samples: must be at least 1, was {Samples}";
        }

        foreach (var k in PassAt ?? [])
        {
            if (k < 1 || k > Samples)
            {
                yield return $"k: must be between 1 and samples ({Samples}), was {k}";
            }
        }

        if (MaxNewTokens < 1)
        {
            yield return $"maxNewTokens: must be at least 1, was {MaxNewTokens}";
        }

        if (!(Temperature > 0 && double.IsFinite(Temperature)))
        {
            yield return $"temperature: must be above 0, was {Temperature}; 0.2 and 0.8 are usual";
        }

        if (!(TopP > 0 && TopP <= 1))
        {
            yield return $"topP: must be above 0 and at most 1, was {TopP}";
        }
    }
}
