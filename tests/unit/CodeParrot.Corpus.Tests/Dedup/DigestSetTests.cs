using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class DigestSetTests
{
    [Fact]
    public void It_says_what_a_hash_set_says()
    {
        var random = new Random(7);
        var reference = new HashSet<UInt128>();
        var set = new DigestSet();
        for (var i = 0; i < 50_000; i++)
        {
            // Few distinct values: half of them come again, through many growths of one part.
            var digest = new UInt128((ulong)random.Next(4), (ulong)random.Next(1, 20_000) * 0x9E3779B97F4A7C15);

            Assert.Equal(reference.Add(digest), set.Add(digest));
        }
    }

    [Theory]
    [InlineData("a b\n", "\ta\u00a0b\u3000", true)]
    [InlineData("a\u001cb", "ab", true)]
    [InlineData("a b", "a_b", false)]
    [InlineData("ab", "aB", false)]
    public void White_space_alone_makes_no_difference(string one, string other, bool isEqual)
    {
        Assert.Equal(isEqual, ContentDigest.Compute(one) == ContentDigest.Compute(other));
    }
}
