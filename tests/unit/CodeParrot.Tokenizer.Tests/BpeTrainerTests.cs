using CodeParrot.Tokenizer.Merges;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Tokenizer.Tests;

public sealed class BpeTrainerTests
{
    [Fact]
    public void Merges_the_most_frequent_pair_first()
    {
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["xy", "xy", "xz", "xz", "xz"], 259);

        Assert.Equal(["xz", "xy"], tokenizer.Learnt());
    }

    [Fact]
    public void Equal_counts_go_to_the_lower_left_id_then_to_the_lower_right_id()
    {
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["bz", "ba", "ac"], 260);

        Assert.Equal(["ac", "ba", "bz"], tokenizer.Learnt());
    }

    [Fact]
    public void Overlapping_pairs_all_count()
    {
        // "aaaa" holds three pairs "aa", and "bc" occurs twice.
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["aaaa", "bc", "bc"], 259);

        Assert.Equal(["aa", "bc"], tokenizer.Learnt());
    }

    [Fact]
    public void Learns_what_a_plain_implementation_learns()
    {
        var words = OddText.Of(["a", "b", "a", "b", "aa", "ba", "c"]);
        Prop.ForAll(
                words.Generator.ListOf().Select(list => list.Where(word => word.Length > 0).ToList()).ToArbitrary(),
                list => NaiveMerges(list, 1).SequenceEqual(Merges(list, 0, 1))
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Learns_the_same_through_falling_thresholds()
    {
        // Counts from 1 to 4,096 lower the threshold of the index several times.
        var words = new List<string>();
        var random = new Random(7);
        for (int i = 0; i < 13; i++)
        {
            string word = string.Concat(Enumerable.Range(0, 9).Select(_ => (char)('a' + random.Next(4))));
            words.AddRange(Enumerable.Repeat(word, 1 << i));
        }

        Assert.Equal(NaiveMerges(words, 1), Merges(words, 0, 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_number_of_threads_does_not_show(int threads)
    {
        // Documents of 40 KB fill several chunks, so that all threads get some.
        var random = new Random(5);
        var documents = Enumerable
            .Range(0, 60)
            .Select(_ =>
                string.Concat(
                    Enumerable.Range(0, 8000).Select(_ => "abcd "[random.Next(5)] + "ef gh"[..random.Next(5)])
                )
            )
            .ToList();

        string alone = ATokenizer.TrainedOn(documents, 500, threads: 1).Digest;

        Assert.Equal(alone, ATokenizer.TrainedOn(documents, 500, threads).Digest);
    }

    [Fact]
    public void No_word_reaches_over_the_end_of_a_document()
    {
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["ab", "cd"], 300);

        Assert.Equal(["ab", "cd"], tokenizer.Learnt());
    }

    [Fact]
    public void Stops_at_pairs_rarer_than_the_minimum_frequency()
    {
        var words = new List<string> { "ab", "ab", "ab", "cd", "cd", "ef" };

        Assert.Equal(NaiveMerges(words, 2), Merges(words, 2, 1));
        Assert.Equal(2, Merges(words, 2, 1).Count);
    }

    [Fact]
    public void Documents_beyond_the_limit_are_not_counted()
    {
        var trainer = new BpeTrainer(
            new BpeTrainerOptions
            {
                VocabularySize = 300,
                MaxDocuments = 1,
                Threads = 1,
            }
        );

        trainer.Add("ab");
        trainer.Add("cd");
        trainer.AddUtf8("ef"u8);

        Assert.True(trainer.IsFull);
        Assert.Equal(1, trainer.DocumentCount);
        Assert.Equal(["ab"], trainer.Train().Learnt());
    }

    [Fact]
    public void A_special_token_in_a_document_is_text_and_keeps_its_id()
    {
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["<|endoftext|>", "<|endoftext|>"], 400);

        Assert.Equal(0, tokenizer.EndOfTextId);
        Assert.Contains("endoftext", tokenizer.Learnt());
        Assert.DoesNotContain("<|endoftext|>", tokenizer.Learnt());
    }

    [Fact]
    public void A_merge_that_spells_a_special_token_becomes_it()
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 300,
            SpecialTokens = ["<|endoftext|>", "ab"],
            Threads = 1,
        };
        var trainer = new BpeTrainer(options);

        trainer.Add("ab abc abc abc");
        BpeTokenizer tokenizer = trainer.Train();

        Assert.Equal([1], tokenizer.Encode("ab", SpecialTokenHandling.AsText));
        Assert.Equal(["abc", " abc"], tokenizer.Learnt().Skip(1));
    }

    [Fact]
    public void An_empty_corpus_gives_the_bytes()
    {
        BpeTokenizer tokenizer = ATokenizer.TrainedOn([], 32_768);

        Assert.Equal(257, tokenizer.VocabularySize);
        Assert.Equal("né", tokenizer.Decode([.. tokenizer.Encode("né")]));
    }

    [Fact]
    public void All_mistakes_in_the_options_are_named_with_their_fields()
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 256,
            MinFrequency = -1,
            MaxDocuments = 0,
            Threads = 0,
            SpecialTokens = ["x"],
        };

        var error = Assert.Throws<ArgumentException>(() => new BpeTrainer(options));

        Assert.Contains("spec.tokenizer.train.vocabularySize: must be at least 257", error.Message);
        Assert.All(
            ["minFrequency", "maxDocuments", "threads", "specialTokens"],
            field => Assert.Contains($"spec.tokenizer.train.{field}:", error.Message)
        );
    }

    [Fact]
    public void Cancelling_stops_the_training()
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 300 });
        trainer.Add("ab ab");

        Assert.Throws<OperationCanceledException>(() => trainer.Train(null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Progress_ends_at_the_size_of_the_vocabulary()
    {
        var reports = new List<BpeTrainingProgress>();
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 270 });
        trainer.Add("some words to learn from");

        BpeTokenizer tokenizer = trainer.Train(new Recorder(reports));

        Assert.Equal(new BpeTrainingProgress(1, 5, tokenizer.VocabularySize, 270), reports[^1]);
        Assert.True(reports.Count > 2);
    }

    private static List<Merge> NaiveMerges(List<string> words, long minFrequency) =>
        NaiveBpe.Learn(words, 60, minFrequency);

    private static List<Merge> Merges(List<string> words, long minFrequency, int threads)
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 257 + 60,
            MinFrequency = minFrequency,
            Threads = threads,
        };
        var trainer = new BpeTrainer(options);
        words.ForEach(trainer.Add);
        return [.. trainer.Train().Vocabulary.Merges];
    }

    private sealed class Recorder(List<BpeTrainingProgress> reports) : IProgress<BpeTrainingProgress>
    {
        public void Report(BpeTrainingProgress value) => reports.Add(value);
    }
}
