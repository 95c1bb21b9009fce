namespace CodeParrot.Tokenizer;

/// <summary>
/// How a vocabulary is learnt. The defaults are those of the chapter's <c>train_new_from_iterator</c>.
/// </summary>
public sealed record BpeTrainerOptions
{
    private const string Field = "spec.tokenizer.train.";

    /// <summary>
    /// Tokens of the vocabulary, special tokens and the 256 bytes included. Fewer come out of a small corpus.
    /// </summary>
    public int VocabularySize { get; init; } = 32_768;

    /// <summary>A pair must occur so often to be merged; 0 and 1 mean any pair that occurs.</summary>
    public long MinFrequency { get; init; }

    /// <summary>Documents to learn from, or null for all; later ones are not counted.</summary>
    public long? MaxDocuments { get; init; }

    /// <summary>
    /// Tokens that stand for no text, with the ids from 0 on. <c>&lt;|endoftext|&gt;</c> must be one.
    /// </summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [BpeTokenizer.EndOfText];

    /// <summary>Threads that count words. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Every mistake in these options, each naming its field and the remedy; none if they are good.</summary>
    public IEnumerable<string> Validate()
    {
        int smallest = 256 + SpecialTokens.Count;
        if (VocabularySize < smallest)
        {
            yield return $"{Field}vocabularySize: must be at least {smallest} (256 bytes and {SpecialTokens.Count} "
                + $"special), was {VocabularySize}";
        }

        if (MinFrequency < 0)
        {
            yield return $"{Field}minFrequency: must be at least 0, was {MinFrequency}";
        }

        if (MaxDocuments < 1)
        {
            yield return $"{Field}maxDocuments: must be at least 1, or absent for all documents, was {MaxDocuments}";
        }

        if (Threads < 1)
        {
            yield return $"{Field}threads: must be at least 1, was {Threads}";
        }

        if (!SpecialTokens.Contains(BpeTokenizer.EndOfText))
        {
            yield return $"{Field}specialTokens: must contain {BpeTokenizer.EndOfText}";
        }

        if (SpecialTokens.Distinct().Count() != SpecialTokens.Count)
        {
            yield return $"{Field}specialTokens: must differ from each other";
        }

        foreach (string token in SpecialTokens.Where(token => token.Length < 2))
        {
            yield return $"{Field}specialTokens: '{token}' must have two characters or more";
        }
    }
}
