using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Tokenizer.Tests;

public sealed class BpeTokenizerTests
{
    private static readonly BpeTokenizer Tokenizer = ATokenizer.Small;
    private static readonly BpeTokenizer WithoutCache = Tokenizer.WithCacheCapacity(0);
    private static readonly BpeTokenizer WithTinyCache = Tokenizer.WithCacheCapacity(3);

    [Fact]
    public void Decoding_gives_the_text_back()
    {
        Prop.ForAll(
                OddText.Any,
                text =>
                    Tokenizer.Decode([.. Tokenizer.Encode(text)]) == text
                    && Tokenizer.Decode([.. Tokenizer.Encode(text, SpecialTokenHandling.AsText)]) == text
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_cache_does_not_show()
    {
        Prop.ForAll(
                OddText.Any,
                text =>
                    Tokenizer.Encode(text).SequenceEqual(WithoutCache.Encode(text))
                    && WithTinyCache.Encode(text).SequenceEqual(WithoutCache.Encode(text))
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Utf8_and_utf16_have_the_same_ids()
    {
        Prop.ForAll(
                OddText.Any,
                text =>
                {
                    var ids = new List<int>();
                    Tokenizer.EncodeUtf8(Encoding.UTF8.GetBytes(text), ids, SpecialTokenHandling.Parsed);
                    return ids.SequenceEqual(Tokenizer.Encode(text));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(300)]
    public void Words_short_and_long_merge_as_a_plain_implementation_merges(int length)
    {
        var random = new Random(length);
        BpeTokenizer tokenizer = ATokenizer.TrainedOn(["aaaaaa ababab abaab bbbab bbaa aab bba"], 290);
        for (int i = 0; i < 20; i++)
        {
            string word = string.Concat(Enumerable.Range(0, length).Select(_ => "aab"[random.Next(3)]));

            Assert.Equal(NaiveBpe.Encode(word, tokenizer.Vocabulary.Merges), tokenizer.Encode(word));
        }
    }

    [Fact]
    public void A_word_of_a_megabyte_is_encoded_in_no_time()
    {
        string word = new('=', 1 << 20);

        List<int> ids = Tokenizer.Encode(word);

        Assert.Equal(word, Tokenizer.Decode([.. ids]));
    }

    [Fact]
    public void Special_tokens_are_parsed_in_prompts()
    {
        Assert.Equal(
            [.. Tokenizer.Encode("a "), 0, .. Tokenizer.Encode(" b"), 0, 0],
            Tokenizer.Encode("a <|endoftext|> b<|endoftext|><|endoftext|>")
        );
    }

    [Fact]
    public void A_document_cannot_forge_a_document_boundary()
    {
        var ids = new List<int>();

        Tokenizer.Encode("x = '<|endoftext|>'", ids);
        Tokenizer.EncodeUtf8("x = '<|endoftext|>'"u8, ids);

        Assert.DoesNotContain(Tokenizer.EndOfTextId, ids);
    }

    [Fact]
    public void The_longest_of_two_special_tokens_at_one_place_is_taken()
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 259,
            SpecialTokens = ["<a>", "<|endoftext|>", "<a><b>"],
            Threads = 1,
        };
        BpeTokenizer tokenizer = new BpeTrainer(options).Train();

        Assert.Equal([1, 0, 2, .. tokenizer.Encode("<b>")], tokenizer.Encode("<|endoftext|><a><a><b><b>"));
    }

    [Fact]
    public void Ids_are_appended()
    {
        List<int> ids = [7];

        Tokenizer.Encode("a", ids);

        Assert.Equal([7, NaiveBpe.ByteId((byte)'a')], ids);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_decode_to_replacement_characters_and_survive_as_bytes()
    {
        byte[] damaged = [(byte)'a', 0xff, 0xe4, 0xb8, (byte)'b', 0xc3];
        var ids = new List<int>();
        var bytes = new ArrayBufferWriter<byte>();

        Tokenizer.EncodeUtf8(damaged, ids);
        Tokenizer.DecodeUtf8([.. ids], bytes);

        Assert.Equal(damaged, bytes.WrittenSpan.ToArray());
        Assert.Equal("a\ufffd\ufffdb\ufffd", Tokenizer.Decode([.. ids]));
    }

    [Fact]
    public void A_lone_surrogate_counts_as_a_replacement_character()
    {
        Assert.Equal(Tokenizer.Encode("a\ufffdb"), Tokenizer.Encode("a\ud800b"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(350)]
    public void An_id_outside_the_vocabulary_is_named(int id)
    {
        Assert.Equal(350, Tokenizer.VocabularySize);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([1, id]));

        Assert.Contains($"token id {id} is not of this vocabulary of 350 tokens", error.Message);
    }

    [Fact]
    public void Encoding_a_known_text_again_allocates_nothing()
    {
        var ids = new List<int>(1000);
        const string Text = "def area(self): return self.width * height";
        Tokenizer.Encode(Text, ids);
        ids.Clear();
        Tokenizer.Encode(Text, ids);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            ids.Clear();
            Tokenizer.Encode(Text, ids);
        }

        // The bag of idle encoders may allocate a node now and then; a word must not.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Several_threads_may_encode_at_once()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"for x{i} in range({i * i}): print('it''s', x{i})")];

        var together = texts.AsParallel().AsOrdered().Select(text => Tokenizer.Encode(text)).ToList();

        Assert.Equal(texts.Select(text => WithoutCache.Encode(text)), together);
    }
}
