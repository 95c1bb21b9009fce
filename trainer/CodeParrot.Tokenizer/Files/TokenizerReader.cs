using System.Text;
using System.Text.Json;
using CodeParrot.Tokenizer.Merges;

namespace CodeParrot.Tokenizer.Files;

/// <summary>Reads the tokenizer files of a Hugging Face folder.</summary>
internal static class TokenizerReader
{
    public const string TokenizerFile = "tokenizer.json";
    public const string VocabularyFile = "vocab.json";
    public const string MergesFile = "merges.txt";

    /// <summary>Reads tokenizer.json, else vocab.json and merges.txt.</summary>
    /// <exception cref="TokenizerFormatException">Names the file and the reason.</exception>
    public static Vocabulary Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string whole = Path.Combine(directory, TokenizerFile);
        if (File.Exists(whole))
        {
            return TokenizerJsonReader.Read(whole, ReadText(whole));
        }

        string vocabularyPath = Path.Combine(directory, VocabularyFile);
        string mergesPath = Path.Combine(directory, MergesFile);
        if (!File.Exists(vocabularyPath) || !File.Exists(mergesPath))
        {
            throw new TokenizerFormatException(
                whole,
                $"no such file, nor {VocabularyFile} with {MergesFile} beside it: name the folder of a tokenizer"
            );
        }

        var builder = new VocabularyBuilder(vocabularyPath);
        builder.AddTokens(ParseVocabulary(vocabularyPath));
        builder.AddSpecial(BpeTokenizer.EndOfText, id: null);
        AddMerges(builder, mergesPath);
        return builder.Build();
    }

    private static List<(string Token, int Id)> ParseVocabulary(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadText(path));
            return TokenizerJsonReader.Tokens(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new TokenizerFormatException(path, $"not JSON: {e.Message}", e);
        }
    }

    private static void AddMerges(VocabularyBuilder builder, string path)
    {
        int line = 0;
        foreach (string text in ReadText(path).Split('\n'))
        {
            line++;
            string merge = text.TrimEnd('\r');
            if (merge.Length > 0 && !merge.StartsWith("#version", StringComparison.Ordinal))
            {
                builder.AddMerge(merge, path, $"line {line}");
            }
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string reason = e is ArgumentException ? "not UTF-8" : "cannot be read: " + e.Message;
            throw new TokenizerFormatException(path, reason, e);
        }
    }
}
