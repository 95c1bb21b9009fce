namespace CodeParrot.Tokenizer.Tests;

public sealed class ParallelEncoderTests
{
    private static readonly BpeTokenizer Tokenizer = ATokenizer.Small;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Ids_come_in_the_order_of_the_documents(int threads)
    {
        // Empty, short and long documents, of more batches than threads.
        string[] documents =
        [
            .. Enumerable.Range(0, 4000).Select(i => string.Concat(Enumerable.Repeat($"x{i} ", i % 60))),
        ];

        var ids = ParallelEncoder.Encode(Tokenizer, documents, threads).ToList();

        Assert.Equal(documents, ids.Select(list => Tokenizer.Decode([.. list])));
    }

    [Fact]
    public void Documents_are_read_ahead_only_a_little()
    {
        int read = 0;
        IEnumerable<string> Endless()
        {
            while (true)
            {
                read++;
                yield return "def f(): pass";
            }
        }

        List<int> first = ParallelEncoder.Encode(Tokenizer, Endless(), 2).First();

        Assert.Equal("def f(): pass", Tokenizer.Decode([.. first]));
        Assert.InRange(read, 1, 10_000);
    }

    [Fact]
    public void A_special_token_in_a_document_is_text_unless_told_otherwise()
    {
        string[] documents = ["<|endoftext|>"];

        List<int> asText = ParallelEncoder.Encode(Tokenizer, documents, 2).Single();
        List<int> parsed = ParallelEncoder.Encode(Tokenizer, documents, 2, SpecialTokenHandling.Parsed).Single();

        Assert.DoesNotContain(0, asText);
        Assert.Equal([0], parsed);
    }
}
