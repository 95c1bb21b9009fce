namespace CodeParrot.Model.Generation;

/// <summary>How text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens a completion may have.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Divides the logits: below 1 sharper, above 1 flatter. Unused when greedy.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keep only the so many likeliest tokens (and those tied with the last); 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keep the likeliest tokens whose probabilities reach this sum; 1 keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Always take the likeliest token.</summary>
    public bool Greedy { get; init; }

    /// <summary>Seed of all draws: the same seed and options give the same tokens.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of completions.</summary>
    public int Completions { get; init; } = 1;

    /// <summary>Completions computed at once; more are faster and take more memory.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Token ids that end a completion, such as end-of-text; they do not become part of it.</summary>
    public IReadOnlyCollection<int> StopIds { get; init; } = [];

    /// <summary>
    /// Ends a completion beside the stop ids: is given its tokens after each new one, which stay part of it. Null never
    /// ends one.
    /// </summary>
    public Func<IReadOnlyList<int>, bool>? EndsWhen { get; init; }

    /// <summary>
    /// Ids from here on are never drawn: rows of the embedding that the tokenizer has no token for. Null draws from
    /// all.
    /// </summary>
    public int? VocabularySize { get; init; }

    /// <summary>Yields every mistake with its field, what it must be and what it was.</summary>
    public IEnumerable<string> Validate()
    {
        var counts = new (string Field, int Value)[]
        {
            ("maxNewTokens", MaxNewTokens),
            ("completions", Completions),
            ("batchSize", BatchSize),
            ("vocabularySize", VocabularySize ?? 1),
        };
        foreach (var (field, value) in counts)
        {
            if (value < 1)
            {
                yield return $"{field}: must be at least 1, was {value}";
            }
        }

        if (!(Temperature > 0 && double.IsFinite(Temperature)))
        {
            yield return $"temperature: must be above 0, was {Temperature}; for the likeliest token ask for greedy";
        }

        if (TopK < 0)
        {
            yield return $"topK: must be at least 0 (0 keeps all), was {TopK}";
        }

        if (!(TopP > 0 && TopP <= 1))
        {
            yield return $"topP: must be above 0 and at most 1 (1 keeps all), was {TopP}";
        }
    }
}
