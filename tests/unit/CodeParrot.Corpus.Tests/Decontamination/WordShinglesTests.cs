using CodeParrot.Corpus.Decontamination;

namespace CodeParrot.Corpus.Tests.Decontamination;

public sealed class WordShinglesTests
{
    [Fact]
    public void Each_run_of_eight_words_has_a_hash_of_its_own_wherever_it_stands()
    {
        var words = Enumerable.Range(0, 200).Select(i => $"w{i % 50}").ToArray();

        var shingles = Of(string.Join(' ', words));

        Assert.Equal(193, shingles.Count);
        for (var i = 0; i < shingles.Count; i++)
        {
            Assert.Equal(shingles[i % 50], shingles[i]);
            Assert.Equal([shingles[i]], Of(string.Join('+', words[i..(i + 8)])));
        }
        Assert.Equal(50, shingles.Distinct().Count());
    }

    [Fact]
    public void Case_and_what_stands_between_words_make_no_difference()
    {
        Assert.Equal(Of("def F(a_b, Ünï): return [a_b, 1, 2]"), Of("DEF f a_b\n\tÜNÏ -> return a_b;1;2"));
        Assert.NotEqual(Of("a b c d e f g h"), Of("a b c d e f h g"));
        Assert.Empty(Of("a b c d e f g"));
    }

    private static List<ulong> Of(string text)
    {
        var all = new List<ulong>();
        var shingles = new WordShingles(text);
        while (shingles.TryNext(out var shingle))
            all.Add(shingle);
        return all;
    }
}
