using System.Text;
using CodeParrot.Tokenizer;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>Against the Hugging Face tokenizers themselves, on input that is not stored.</summary>
public sealed class OracleTests
{
    // The oracle's node binding trains this many tokens, and has neither special tokens nor unseen bytes among them.
    private const int OracleVocabularySize = 30_000;

    [Fact]
    public void A_saved_tokenizer_loads_there_and_encodes_odd_strings_alike()
    {
        BpeTokenizer tokenizer = BpeTokenizer.Load(ReferenceFiles.Folder);
        string[] texts =
        [
            .. ReferenceFiles
                .JsonLines("tokenizer_cases.jsonl")
                .Select(sample => sample.GetProperty("text").GetString()!),
            .. RandomTexts(1000),
        ];

        AssertEncodesAlike(tokenizer, texts);
    }

    [Fact]
    public void Merges_of_real_python_are_equal_and_it_is_encoded_alike()
    {
        List<string> files = PythonFiles.Take(4_000_000);
        List<string> expected = Oracle.Get().Train(files);
        string[] texts = [.. files.Select(path => Encoding.UTF8.GetString(File.ReadAllBytes(path)))];

        // The binding feeds lines, not documents.
        BpeTokenizer tokenizer = Train(texts.SelectMany(Lines), expected.Count);

        AssertMerges(expected, tokenizer);
        AssertEncodesAlike(tokenizer, texts);
    }

    [Fact]
    public void Merges_of_words_made_to_tie_and_overlap_are_equal()
    {
        var random = new Random(11);
        string[] words =
        [
            .. Enumerable
                .Range(0, 3000)
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => "ab"[random.Next(2)]))),
            .. Enumerable.Range(1, 70).Select(length => new string('a', length)),
        ];
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "words.txt");
        File.WriteAllText(file, string.Join('\n', words) + "\n");
        List<string> expected = Oracle.Get().Train([file]);

        BpeTokenizer tokenizer = Train(Lines(File.ReadAllText(file)), expected.Count);

        Assert.True(expected.Count > 3000, $"only {expected.Count} merges");
        AssertMerges(expected, tokenizer);
    }

    private static void AssertEncodesAlike(BpeTokenizer tokenizer, string[] texts)
    {
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path, 1024);

        List<Oracle.Encoded> answers = Oracle.Get().Encode(Path.Combine(folder.Path, "tokenizer.json"), texts);

        Assert.Equal(texts.Length, answers.Count);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(answers[i].Ids, tokenizer.Encode(texts[i]));
            Assert.Equal(answers[i].Decoded, tokenizer.Decode(answers[i].Ids));
        }
    }

    private static void AssertMerges(List<string> expected, BpeTokenizer tokenizer)
    {
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path, 1024);

        string[] merges = File.ReadAllLines(Path.Combine(folder.Path, "merges.txt"))[1..];

        // Merge by merge, so that a failure names the first that differs.
        for (int i = 0; i < Math.Min(expected.Count, merges.Length); i++)
        {
            Assert.True(expected[i] == merges[i], $"merge {i}: '{expected[i]}' there, '{merges[i]}' here");
        }

        Assert.Equal(expected.Count, merges.Length);
    }

    private static BpeTokenizer Train(IEnumerable<string> documents, int mergeCount)
    {
        Assert.InRange(mergeCount, 1, OracleVocabularySize);
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 257 + mergeCount });
        foreach (string document in documents)
        {
            trainer.Add(document);
        }

        return trainer.Train();
    }

    /// <summary>Lines with their ends.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        for (int start = 0; start < text.Length; )
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
    }

    /// <summary>Strings of code points from all planes, words and blanks; no surrogates.</summary>
    private static IEnumerable<string> RandomTexts(int count)
    {
        var random = new Random(3);
        int[] starts =
        [
            0x20,
            0x20,
            0x0A,
            0xA0,
            0x300,
            0x5D0,
            0x660,
            0x900,
            0x2000,
            0x2028,
            0x3000,
            0x4E00,
            0x1D400,
            0x1D7CE,
            0x1F600,
            0x20000,
        ];
        string[] words = ["  ", "\r\n", "'s", "self", " def", "<|endoftext|>", "    ", "12"];
        for (int i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(1, 30); length > 0; length--)
            {
                int start = starts[random.Next(starts.Length)];
                string piece =
                    random.Next(3) == 0
                        ? words[random.Next(words.Length)]
                        : char.ConvertFromUtf32(start + random.Next(40));
                text.Append(piece);
            }

            yield return text.ToString();
        }
    }
}
