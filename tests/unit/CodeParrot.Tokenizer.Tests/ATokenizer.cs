namespace CodeParrot.Tokenizer.Tests;

/// <summary>Tokenizers for tests.</summary>
internal static class ATokenizer
{
    private const string Corpus = """
        def area(self, width, height):
            '''It's the area of a naïve rectangle – 面積 😀.'''
            return self.scale * width * height

        for width in range(10):
            print(width, "it's", width == 2.5, end="\n")
        """;

    /// <summary>A tokenizer of 350 tokens that knows some Python.</summary>
    public static BpeTokenizer Small { get; } = TrainedOn([Corpus, Corpus + Corpus], 350);

    public static BpeTokenizer TrainedOn(IEnumerable<string> documents, int vocabularySize, int threads = 1)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = vocabularySize, Threads = threads });
        foreach (string document in documents)
        {
            trainer.Add(document);
        }

        return trainer.Train();
    }

    /// <summary>Names of the learnt tokens, in order.</summary>
    public static List<string> Learnt(this BpeTokenizer tokenizer) =>
        [.. Enumerable.Range(257, tokenizer.VocabularySize - 257).Select(id => tokenizer.Decode([id]))];
}
