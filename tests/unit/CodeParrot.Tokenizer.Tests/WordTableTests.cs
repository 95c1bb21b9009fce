using CodeParrot.Tokenizer.Words;

namespace CodeParrot.Tokenizer.Tests;

public sealed class WordTableTests
{
    [Fact]
    public void Words_of_equal_hash_are_counted_apart()
    {
        Assert.Equal(WordHash.Of("wordslrm"u8), WordHash.Of("wordusjv"u8));
        var table = new WordTable();

        table.Add("wordslrm"u8, 1);
        table.Add("wordusjv"u8, 2);
        table.Add("wordslrm"u8, 3);

        Assert.Equal(2, table.Count);
        Assert.Equal([4, 2], [table.Occurrences(0), table.Occurrences(1)]);
    }

    [Fact]
    public void Words_of_equal_hash_are_remembered_apart()
    {
        uint hash = WordHash.Of("wordslrm"u8);
        var cache = new WordCache(10);

        cache.Add("wordslrm"u8, hash, [1]);

        Assert.False(cache.TryGet("wordusjv"u8, hash, out _));
        Assert.True(cache.TryGet("wordslrm"u8, hash, out ReadOnlySpan<int> ids));
        Assert.Equal([1], ids.ToArray());
    }

    [Fact]
    public void Counts_beyond_32_bits_are_kept_when_tables_are_put_together()
    {
        var table = new WordTable();
        var other = new WordTable();
        table.Add("a"u8, 3_000_000_000);
        other.Add("b"u8, 1);
        other.Add("a"u8, 3_000_000_000);

        table.Add(other);

        Assert.Equal(6_000_000_000, table.Occurrences(0));
        Assert.Equal(6_000_000_001, table.Total);
        Assert.Equal(2, table.Count);
    }
}
