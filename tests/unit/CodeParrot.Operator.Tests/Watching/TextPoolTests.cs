using System.Text;
using System.Text.Json;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Watching;

public class TextPoolTests
{
    private readonly TextPool _pool = new();

    [Fact]
    public void Equal_texts_are_one_string()
    {
        Assert.Same(_pool.Of("train"), _pool.Of(['t', 'r', 'a', 'i', 'n']));
        Assert.Same("", _pool.Of(""));
    }

    [Fact]
    public void A_text_is_never_taken_for_another()
    {
        // More texts than places: they displace each other.
        Assert.All(Enumerable.Range(0, 20_000), i => Assert.Equal($"run-{i}", _pool.Of($"run-{i}")));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("""a "quoted" line\nand ünïcode 🦜""")]
    public void A_text_of_any_length_is_read_as_it_stands(string text)
    {
        var options = new JsonSerializerOptions { Converters = { new PooledTextConverter(_pool) } };
        foreach (var written in new[] { text, string.Concat(Enumerable.Repeat(text, 100)) })
        {
            var json = JsonSerializer.Serialize(
                new Dictionary<string, string?> { [written] = written, ["none"] = null }
            );

            var read = JsonSerializer.Deserialize<Dictionary<string, string?>>(json, options)!;

            Assert.Equal(written, read[written]);
            Assert.Null(read["none"]);
            Assert.Equal(Encoding.UTF8.GetByteCount(json), JsonSerializer.SerializeToUtf8Bytes(read, options).Length);
        }
    }

    [Fact]
    public void What_is_no_text_is_a_mistake()
    {
        var options = new JsonSerializerOptions { Converters = { new PooledTextConverter(_pool) } };

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<string[]>("[1]", options));
    }
}
