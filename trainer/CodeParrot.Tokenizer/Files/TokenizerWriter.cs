using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Files;

/// <summary>Writes the files that the Hugging Face libraries read.</summary>
internal static class TokenizerWriter
{
    private const string ConfigurationFile = "tokenizer_config.json";
    private const string SpecialTokensFile = "special_tokens_map.json";

    /// <summary>Writes all five files.</summary>
    public static void Write(Vocabulary vocabulary, string directory, int modelMaxLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelMaxLength, 1);
        Directory.CreateDirectory(directory);
        WriteJson(directory, TokenizerReader.TokenizerFile, json => TokenizerJsonWriter.Write(json, vocabulary));
        WriteJson(
            directory,
            TokenizerReader.VocabularyFile,
            json => TokenizerJsonWriter.WriteTokens(json, vocabulary),
            false
        );
        WriteMerges(vocabulary, Path.Combine(directory, TokenizerReader.MergesFile));
        WriteJson(directory, ConfigurationFile, json => WriteConfiguration(json, modelMaxLength));
        WriteJson(
            directory,
            SpecialTokensFile,
            json =>
            {
                json.WriteStartObject();
                WriteSpecialNames(json);
                json.WriteEndObject();
            }
        );
    }

    private static void WriteConfiguration(Utf8JsonWriter json, int modelMaxLength)
    {
        json.WriteStartObject();
        json.WriteBoolean("add_prefix_space", false);
        WriteSpecialNames(json);
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        json.WriteNumber("model_max_length", modelMaxLength);
        json.WriteString("tokenizer_class", "GPT2Tokenizer");
        json.WriteEndObject();
    }

    private static void WriteSpecialNames(Utf8JsonWriter json)
    {
        json.WriteString("bos_token", BpeTokenizer.EndOfText);
        json.WriteString("eos_token", BpeTokenizer.EndOfText);
        json.WriteString("unk_token", BpeTokenizer.EndOfText);
    }

    private static void WriteMerges(Vocabulary vocabulary, string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        writer.WriteLine("#version: 0.2");
        foreach (Merge merge in vocabulary.Merges)
        {
            writer.WriteLine($"{vocabulary.Tokens[merge.Left]} {vocabulary.Tokens[merge.Right]}");
        }
    }

    private static void WriteJson(string directory, string name, Action<Utf8JsonWriter> write, bool indented = true)
    {
        var options = new JsonWriterOptions
        {
            Indented = indented,
            // The alphabet's letters stay readable, as in the files of the Hugging Face libraries.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NewLine = "\n",
        };
        using FileStream stream = File.Create(Path.Combine(directory, name));
        using var json = new Utf8JsonWriter(stream, options);
        write(json);
    }
}
