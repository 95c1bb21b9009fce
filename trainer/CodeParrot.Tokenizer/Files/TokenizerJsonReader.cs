using System.Text.Json;
using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Files;

/// <summary>
/// Reads tokenizer.json of the Hugging Face tokenizers, with merges as "a b" (before 0.20) or ["a", "b"]. What it
/// cannot do exactly it refuses.
/// </summary>
internal static class TokenizerJsonReader
{
    /// <summary>Reads the text of a tokenizer.json.</summary>
    /// <exception cref="TokenizerFormatException">Names the file and the reason.</exception>
    public static Vocabulary Read(string path, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new TokenizerFormatException(path, $"not JSON: {e.Message}", e);
        }
    }

    /// <summary>The members of an object that maps tokens to ids.</summary>
    public static List<(string Token, int Id)> Tokens(string path, JsonElement vocabulary)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new TokenizerFormatException(path, "the vocabulary must be an object of tokens with their ids");
        }

        var tokens = new List<(string, int)>();
        foreach (JsonProperty member in vocabulary.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out int id))
            {
                throw new TokenizerFormatException(path, $"the id of token '{member.Name}' must be a number");
            }

            tokens.Add((member.Name, id));
        }

        return tokens;
    }

    private static Vocabulary Read(string path, JsonElement root)
    {
        JsonElement model = Member(root, "model");
        Require(path, model.ValueKind == JsonValueKind.Object, "no 'model' object: not a tokenizer.json");
        RequireByteLevelBpe(path, root, model);

        var builder = new VocabularyBuilder(path);
        builder.AddTokens(Tokens(path, Member(model, "vocab")));
        bool hasEnd = false;
        foreach (JsonElement added in Items(path, root, "added_tokens"))
        {
            (string content, int id) = AddedToken(path, added);
            builder.AddSpecial(content, id);
            hasEnd |= content == BpeTokenizer.EndOfText;
        }

        if (!hasEnd)
        {
            builder.AddSpecial(BpeTokenizer.EndOfText, id: null);
        }

        int index = 0;
        foreach (JsonElement merge in Items(path, model, "merges"))
        {
            AddMerge(builder, path, merge, $"merge {index++}");
        }

        return builder.Build();
    }

    private static void RequireByteLevelBpe(string path, JsonElement root, JsonElement model)
    {
        string type = Text(model, "type");
        Require(path, type is "BPE" or "", $"model.type must be BPE, was '{type}'");
        foreach (string option in (string[])["continuing_subword_prefix", "end_of_word_suffix", "dropout"])
        {
            JsonElement value = Member(model, option);
            bool absent = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
            Require(path, absent || value.ToString() is "" or "0" or "0.0", $"model.{option} is not supported");
        }

        foreach (string option in (string[])["byte_fallback", "ignore_merges"])
        {
            Require(path, !Flag(model, option, false), $"model.{option} is not supported");
        }

        bool noNormalizer = Member(root, "normalizer").ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
        Require(path, noNormalizer, "a normalizer is not supported");
        JsonElement split = Member(root, "pre_tokenizer");
        Require(
            path,
            Text(split, "type") == "ByteLevel"
                && !Flag(split, "add_prefix_space", true)
                && Flag(split, "use_regex", true),
            "pre_tokenizer must be ByteLevel with add_prefix_space false and its regex, as GPT-2's"
        );
        string decoder = Text(Member(root, "decoder"), "type");
        Require(path, decoder == "ByteLevel", $"decoder must be ByteLevel, was '{decoder}'");
        string after = Text(Member(root, "post_processor"), "type");
        Require(path, after is "ByteLevel" or "", $"post_processor must be ByteLevel or null, was '{after}'");
    }

    private static (string Content, int Id) AddedToken(string path, JsonElement added)
    {
        string content = Text(added, "content");
        bool hasId = Member(added, "id") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out _);
        Require(path, content.Length > 0 && hasId, "each of added_tokens must have content and id");
        bool plain =
            !Flag(added, "lstrip", false) && !Flag(added, "rstrip", false) && !Flag(added, "single_word", false);
        Require(path, plain, $"added token '{content}': lstrip, rstrip and single_word are not supported");
        return (content, Member(added, "id").GetInt32());
    }

    private static void AddMerge(VocabularyBuilder builder, string path, JsonElement merge, string where)
    {
        if (merge.ValueKind == JsonValueKind.String)
        {
            builder.AddMerge(merge.GetString()!, path, where);
            return;
        }

        bool isPair =
            merge.ValueKind == JsonValueKind.Array
            && merge.GetArrayLength() == 2
            && merge.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String);
        Require(path, isPair, $"{where}: must be \"left right\" or [\"left\", \"right\"]");
        builder.AddMerge(merge[0].GetString()!, merge[1].GetString()!, path, where);
    }

    private static JsonElement.ArrayEnumerator Items(string path, JsonElement parent, string name)
    {
        JsonElement array = Member(parent, name);
        if (array.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return default;
        }

        Require(path, array.ValueKind == JsonValueKind.Array, $"'{name}' must be an array");
        return array.EnumerateArray();
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
            ? value
            : default;

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static bool Flag(JsonElement parent, string name, bool missing) =>
        Member(parent, name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => missing,
        };

    private static void Require(string path, bool condition, string reason)
    {
        if (!condition)
        {
            throw new TokenizerFormatException(path, reason);
        }
    }
}
