using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeParrot.Tokenizer.Tests;

public sealed class TokenizerFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-").FullName;

    public TokenizerFilesTests()
    {
        ATokenizer.Small.Save(_folder, 1024);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_tokenizer_loads_as_it_was()
    {
        BpeTokenizer loaded = BpeTokenizer.Load(_folder);

        Assert.Equal(ATokenizer.Small.Digest, loaded.Digest);
        Assert.Equal(ATokenizer.Small.Encode("def area(width): 😀"), loaded.Encode("def area(width): 😀"));
    }

    [Fact]
    public void Vocabulary_and_merges_alone_load_as_it_was()
    {
        File.Delete(PathOf("tokenizer.json"));

        Assert.Equal(ATokenizer.Small.Digest, BpeTokenizer.Load(_folder).Digest);
    }

    [Fact]
    public void Merges_as_arrays_load_as_those_in_one_string()
    {
        Change(root =>
            root["model"]!["merges"] = new JsonArray([
                .. root["model"]!["merges"]!
                    .AsArray()
                    .Select(merge => new JsonArray([
                        .. merge!.GetValue<string>().Split(' ').Select(part => (JsonNode)part),
                    ])),
            ])
        );

        Assert.Equal(ATokenizer.Small.Digest, BpeTokenizer.Load(_folder).Digest);
    }

    [Fact]
    public void Added_tokens_beyond_the_vocabulary_are_loaded()
    {
        Change(root =>
            root["added_tokens"]!
                .AsArray()
                .Add(
                    new JsonObject
                    {
                        ["id"] = 350,
                        ["content"] = "<|pad|>",
                        ["special"] = true,
                    }
                )
        );

        BpeTokenizer tokenizer = BpeTokenizer.Load(_folder);

        Assert.Equal(351, tokenizer.VocabularySize);
        Assert.Equal([350, 0], tokenizer.Encode("<|pad|><|endoftext|>"));
        Assert.Equal("<|pad|>", tokenizer.Decode([350]));
        Assert.NotEqual(ATokenizer.Small.Digest, tokenizer.Digest);
    }

    [Fact]
    public void A_file_without_added_tokens_still_has_its_end_of_text()
    {
        Change(root => root.AsObject().Remove("added_tokens"));

        Assert.Equal([0], BpeTokenizer.Load(_folder).Encode("<|endoftext|>"));
    }

    [Fact]
    public void The_configuration_names_length_and_special_tokens()
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText(PathOf("tokenizer_config.json")))!;
        JsonNode special = JsonNode.Parse(File.ReadAllText(PathOf("special_tokens_map.json")))!;

        Assert.Equal(1024, config["model_max_length"]!.GetValue<int>());
        Assert.Equal("GPT2Tokenizer", config["tokenizer_class"]!.GetValue<string>());
        Assert.False(config["add_prefix_space"]!.GetValue<bool>());
        Assert.All(
            ["bos_token", "eos_token", "unk_token"],
            name => Assert.Equal("<|endoftext|>", special[name]!.GetValue<string>())
        );
        Assert.StartsWith("#version: 0.2\n", File.ReadAllText(PathOf("merges.txt")));
    }

    [Fact]
    public void Special_tokens_besides_end_of_text_survive_saving()
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 300,
            SpecialTokens = ["<|endoftext|>", "<|pad|>"],
            Threads = 1,
        };
        var trainer = new BpeTrainer(options);
        trainer.Add("some text");
        BpeTokenizer tokenizer = trainer.Train();

        tokenizer.Save(_folder, 16);

        Assert.Equal(tokenizer.Digest, BpeTokenizer.Load(_folder).Digest);
        Assert.Equal([1], BpeTokenizer.Load(_folder).Encode("<|pad|>"));
    }

    [Theory]
    [InlineData("model.type", "\"WordPiece\"", "model.type must be BPE, was 'WordPiece'")]
    [InlineData("model.byte_fallback", "true", "model.byte_fallback is not supported")]
    [InlineData("model.dropout", "0.1", "model.dropout is not supported")]
    [InlineData("normalizer", "{\"type\":\"NFC\"}", "a normalizer is not supported")]
    [InlineData("pre_tokenizer.add_prefix_space", "true", "pre_tokenizer must be ByteLevel")]
    [InlineData("pre_tokenizer.type", "\"Whitespace\"", "pre_tokenizer must be ByteLevel")]
    [InlineData("pre_tokenizer.use_regex", "false", "pre_tokenizer must be ByteLevel")]
    [InlineData("decoder.type", "\"Metaspace\"", "decoder must be ByteLevel")]
    [InlineData("post_processor.type", "\"TemplateProcessing\"", "post_processor must be ByteLevel or null")]
    [InlineData("model.vocab.!", "5000", "the ids of 350 tokens must be 0 to 349")]
    [InlineData("model.vocab.!", "2", "the ids of 350 tokens must be 0 to 349")]
    [InlineData("model.vocab.!", "\"x\"", "the id of token '!' must be a number")]
    [InlineData("model.vocab", "[]", "the vocabulary must be an object")]
    [InlineData("model.merges", "[\"a b c\"]", "merge 0: expected two tokens")]
    [InlineData("model.merges", "[\"! !\", [\"a\"]]", "merge 0: '!', '!' and '!!' must all be tokens")]
    [InlineData("model.merges", "[[\"a\"]]", "merge 0: must be")]
    [InlineData("model.merges", "{}", "'merges' must be an array")]
    [InlineData("added_tokens", "[{\"content\":\"<x>\"}]", "must have content and id")]
    [InlineData("added_tokens", "[{\"id\":3,\"content\":\"!\"}]", "added token '!' has the ids 1 and 3")]
    [InlineData("added_tokens", "[{\"id\":350,\"content\":\"<m>\",\"lstrip\":true}]", "lstrip, rstrip and single_word")]
    public void What_cannot_be_done_exactly_is_refused(string member, string value, string reason)
    {
        Change(root =>
        {
            string[] path = member.Split('.');
            JsonNode parent = path[..^1].Aggregate(root, (node, name) => node[name]!);
            parent[path[^1]] = JsonNode.Parse(value);
        });

        var error = Assert.Throws<TokenizerFormatException>(() => BpeTokenizer.Load(_folder));

        Assert.Equal(PathOf("tokenizer.json"), error.Path);
        Assert.Contains(reason, error.Reason);
        Assert.StartsWith(error.Path, error.Message);
    }

    [Theory]
    [InlineData("tokenizer.json", "{\"model\": ", "not JSON")]
    [InlineData("tokenizer.json", "[]", "no 'model' object")]
    [InlineData("vocab.json", "{\"a\": 0}", "the vocabulary lacks '<|endoftext|>'")]
    [InlineData("vocab.json", "{\"<|endoftext|>\": 0}", "byte 0x21 ('!') has no token")]
    [InlineData("vocab.json", "nonsense", "not JSON")]
    [InlineData("merges.txt", "#version: 0.2\na b\nonly", "line 2: 'a', 'b' and 'ab' must all be tokens")]
    [InlineData("merges.txt", "#version: 0.2\n\nonly", "line 3: expected two tokens, was 'only'")]
    public void A_damaged_file_is_named_with_the_reason(string name, string content, string reason)
    {
        if (name != "tokenizer.json")
        {
            File.Delete(PathOf("tokenizer.json"));
        }

        File.WriteAllText(PathOf(name), content);
        if (name == "vocab.json")
        {
            File.WriteAllText(PathOf("merges.txt"), "");
        }

        var error = Assert.Throws<TokenizerFormatException>(() => BpeTokenizer.Load(_folder));

        Assert.Equal(PathOf(name), error.Path);
        Assert.Contains(reason, error.Reason);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named()
    {
        File.WriteAllBytes(PathOf("tokenizer.json"), [(byte)'{', 0xff, (byte)'}']);

        var error = Assert.Throws<TokenizerFormatException>(() => BpeTokenizer.Load(_folder));

        Assert.Equal("not UTF-8", error.Reason);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_named()
    {
        string empty = Path.Combine(_folder, "empty");
        Directory.CreateDirectory(empty);

        var error = Assert.Throws<TokenizerFormatException>(() => BpeTokenizer.Load(empty));

        Assert.Contains("name the folder of a tokenizer", error.Message);
        Assert.StartsWith(empty, error.Message);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Change(Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(PathOf("tokenizer.json")))!;
        change(root);
        File.WriteAllText(
            PathOf("tokenizer.json"),
            root.ToJsonString(new JsonSerializerOptions { WriteIndented = true })
        );
    }
}
