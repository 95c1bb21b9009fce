using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using CodeParrot.Tokenizer.Files;
using CodeParrot.Tokenizer.Merges;
using CodeParrot.Tokenizer.Splitting;

namespace CodeParrot.Tokenizer;

/// <summary>
/// GPT-2's byte-level BPE: text to token ids and back, with the ids of the Hugging Face tokenizers. Safe for several
/// threads at once; each thread at work has its own cache of words.
/// </summary>
public sealed class BpeTokenizer
{
    /// <summary>The special token that ends a document.</summary>
    public const string EndOfText = "<|endoftext|>";

    /// <summary>Words that each thread remembers by default: some 6 MB for Python.</summary>
    public const int DefaultCacheCapacity = 1 << 17;

    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly int[] _byteIds;
    private readonly byte[][] _bytes;
    private readonly SpecialTokenFinder _specialTokens;
    private readonly int _cacheCapacity;
    private readonly ConcurrentBag<WordEncoder> _encoders = [];

    internal BpeTokenizer(Vocabulary vocabulary, int cacheCapacity = DefaultCacheCapacity)
    {
        _vocabulary = vocabulary;
        _cacheCapacity = cacheCapacity;
        _merges = new MergeTable(vocabulary.Merges);
        _bytes = [.. vocabulary.Tokens.Select(ByteAlphabet.Bytes)];
        var ids = new Dictionary<string, int>(vocabulary.Tokens.Count);
        for (int id = 0; id < vocabulary.Tokens.Count; id++)
        {
            ids.Add(vocabulary.Tokens[id], id);
        }

        _byteIds = [.. Enumerable.Range(0, 256).Select(value => ids[$"{ByteAlphabet.ToChar((byte)value)}"])];
        EndOfTextId = ids[EndOfText];
        _specialTokens = new SpecialTokenFinder(
            vocabulary.SpecialIds.Select(id => (Encoding.UTF8.GetBytes(vocabulary.Tokens[id]), id))
        );
        SpecialTokens = vocabulary.SpecialIds.ToDictionary(id => vocabulary.Tokens[id], StringComparer.Ordinal);
        Digest = vocabulary.Digest();
    }

    /// <summary>Number of tokens: ids run from 0 to one less.</summary>
    public int VocabularySize => _bytes.Length;

    /// <summary>The id of <see cref="EndOfText"/>: 0 in tokenizers trained here, 50256 in GPT-2's.</summary>
    public int EndOfTextId { get; }

    /// <summary>The ids of the tokens that stand for no text, <see cref="EndOfText"/> among them, by name.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>The tokens and merges.</summary>
    internal Vocabulary Vocabulary => _vocabulary;

    /// <summary>SHA-256 over vocabulary and merges, in hexadecimal: equal digests encode and decode alike.</summary>
    public string Digest { get; }

    /// <summary>
    /// Reads a tokenizer from tokenizer.json, or from vocab.json and merges.txt where that is missing.
    /// </summary>
    /// <param name="directory">A Hugging Face folder.</param>
    /// <exception cref="TokenizerFormatException">
    /// A file is missing, damaged, or of another kind than byte-level BPE.
    /// </exception>
    public static BpeTokenizer Load(string directory) => new(TokenizerReader.Read(directory));

    /// <summary>
    /// Writes tokenizer.json, vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json.
    /// </summary>
    /// <param name="directory">Made if missing; existing files are replaced.</param>
    /// <param name="modelMaxLength">Longest sequence of the model, in tokens.</param>
    public void Save(string directory, int modelMaxLength) =>
        TokenizerWriter.Write(_vocabulary, directory, modelMaxLength);

    /// <summary>The same tokenizer with another number of words remembered by each thread; 0 remembers none.</summary>
    public BpeTokenizer WithCacheCapacity(int words)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(words);
        return new BpeTokenizer(_vocabulary, words);
    }

    /// <summary>
    /// The ids of a text. Special tokens are parsed unless told otherwise, as the Hugging Face tokenizers do.
    /// </summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="specialTokens">What a special token's spelling means.</param>
    public List<int> Encode(string text, SpecialTokenHandling specialTokens = SpecialTokenHandling.Parsed)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(8 + (text.Length / 3));
        Encode(text, ids, specialTokens);
        return ids;
    }

    /// <summary>Appends the ids of a text; nothing is put before or after it.</summary>
    /// <inheritdoc cref="EncodeUtf8" path="/param[@name='specialTokens']"/>
    /// <param name="text">UTF-16; a lone surrogate counts as U+FFFD.</param>
    /// <param name="ids">Receives the ids.</param>
    public void Encode(
        ReadOnlySpan<char> text,
        List<int> ids,
        SpecialTokenHandling specialTokens = SpecialTokenHandling.AsText
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        WordEncoder encoder = Rent();
        byte[] buffer = encoder.Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        int byteCount = Encoding.UTF8.GetBytes(text, buffer);
        Encode(encoder, buffer.AsSpan(0, byteCount), ids, specialTokens);
        _encoders.Add(encoder);
    }

    /// <summary>Appends the ids of a text in UTF-8; bytes that are not UTF-8 are kept as they are.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="specialTokens">What a special token's spelling means; text like any other by default.</param>
    public void EncodeUtf8(
        ReadOnlySpan<byte> utf8,
        List<int> ids,
        SpecialTokenHandling specialTokens = SpecialTokenHandling.AsText
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        WordEncoder encoder = Rent();
        Encode(encoder, utf8, ids, specialTokens);
        _encoders.Add(encoder);
    }

    /// <summary>The text of some ids, special tokens included; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not of the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var utf8 = new ArrayBufferWriter<byte>(16 + (ids.Length * 4));
        DecodeUtf8(ids, utf8);
        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }

    /// <summary>Writes the bytes of some ids, which may end inside a character: for decoding a stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not of the vocabulary.</exception>
    public void DecodeUtf8(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_bytes.Length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ids),
                    id,
                    $"token id {id} is not of this vocabulary of {_bytes.Length} tokens"
                );
            }

            utf8.Write(_bytes[id]);
        }
    }

    private void Encode(WordEncoder encoder, ReadOnlySpan<byte> utf8, List<int> ids, SpecialTokenHandling specialTokens)
    {
        if (specialTokens == SpecialTokenHandling.Parsed)
        {
            while (_specialTokens.TryFind(utf8, out int start, out int length, out int id))
            {
                encoder.Encode(utf8[..start], ids);
                ids.Add(id);
                utf8 = utf8[(start + length)..];
            }
        }

        encoder.Encode(utf8, ids);
    }

    private WordEncoder Rent() =>
        _encoders.TryTake(out WordEncoder? encoder) ? encoder : new WordEncoder(_merges, _byteIds, _cacheCapacity);
}
