using System.Text.Json;
using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Files;

/// <summary>
/// Writes tokenizer.json with merges as "a b", the form that every version of the Hugging Face tokenizers reads.
/// </summary>
internal static class TokenizerJsonWriter
{
    /// <summary>Writes the whole document.</summary>
    public static void Write(Utf8JsonWriter json, Vocabulary vocabulary)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (int id in vocabulary.SpecialIds)
        {
            WriteAddedToken(json, id, vocabulary.Tokens[id]);
        }

        json.WriteEndArray();
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer", addPrefixSpace: false, trimOffsets: true);
        WriteByteLevel(json, "post_processor", addPrefixSpace: true, trimOffsets: false);
        WriteByteLevel(json, "decoder", addPrefixSpace: true, trimOffsets: true);
        WriteModel(json, vocabulary);
        json.WriteEndObject();
    }

    /// <summary>Writes the tokens with their ids as one object, in the order of the ids.</summary>
    public static void WriteTokens(Utf8JsonWriter json, Vocabulary vocabulary)
    {
        json.WriteStartObject();
        for (int id = 0; id < vocabulary.Tokens.Count; id++)
        {
            json.WriteNumber(vocabulary.Tokens[id], id);
        }

        json.WriteEndObject();
    }

    private static void WriteAddedToken(Utf8JsonWriter json, int id, string content)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("content", content);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", true);
        json.WriteBoolean("special", true);
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name, bool addPrefixSpace, bool trimOffsets)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", addPrefixSpace);
        json.WriteBoolean("trim_offsets", trimOffsets);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, Vocabulary vocabulary)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WritePropertyName("vocab");
        WriteTokens(json, vocabulary);
        json.WriteStartArray("merges");
        foreach (Merge merge in vocabulary.Merges)
        {
            json.WriteStringValue($"{vocabulary.Tokens[merge.Left]} {vocabulary.Tokens[merge.Right]}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
