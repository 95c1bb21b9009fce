using System.Text.Json;
using CodeParrot.Tokenizer;

namespace CodeParrot.Parity.Tests.Tokenizer;

/// <summary>Against numbers stored from the Hugging Face tokenizers 0.23.1: training, ids, and text.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Training_on_the_reference_corpus_gives_the_reference_merges(int threads)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 640, Threads = threads });
        foreach (JsonElement document in ReferenceFiles.JsonLines("corpus.jsonl"))
        {
            trainer.Add(document.GetProperty("content").GetString()!);
        }

        using var folder = new TemporaryFolder();
        trainer.Train().Save(folder.Path, 128);

        Assert.Equal(File.ReadAllText(ReferenceFiles.Path("merges.txt")).TrimEnd(), Merges(folder.Path));
        Assert.Equal(BpeTokenizer.Load(ReferenceFiles.Folder).Digest, BpeTokenizer.Load(folder.Path).Digest);
    }

    [Fact]
    public void Every_reference_case_has_the_reference_ids_and_text()
    {
        BpeTokenizer tokenizer = BpeTokenizer.Load(ReferenceFiles.Folder);
        var cases = ReferenceFiles.JsonLines("tokenizer_cases.jsonl").ToList();

        Assert.Equal(100, cases.Count);
        Assert.All(
            cases,
            sample =>
            {
                int[] ids = sample.GetProperty("ids").Deserialize<int[]>()!;
                Assert.Equal(ids, tokenizer.Encode(sample.GetProperty("text").GetString()!));
                Assert.Equal(sample.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            }
        );
    }

    [Fact]
    public void Vocabulary_and_merges_files_give_the_same_tokenizer_as_the_whole_file()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["vocab.json", "merges.txt"])
        {
            File.Copy(ReferenceFiles.Path(name), Path.Combine(folder.Path, name));
        }

        BpeTokenizer apart = BpeTokenizer.Load(folder.Path);

        Assert.Equal(BpeTokenizer.Load(ReferenceFiles.Folder).Digest, apart.Digest);
    }

    private static string Merges(string folder) => File.ReadAllText(Path.Combine(folder, "merges.txt")).TrimEnd();
}
