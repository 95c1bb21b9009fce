using System.Text.Json.Serialization;

namespace CodeParrot.Corpus.Tokens;

/// <summary>What <c>tokens.json</c> says; it is written last, so a prefix with it is complete.</summary>
public sealed record TokenManifest
{
    /// <summary>The name of the object, below the token corpus's prefix.</summary>
    public const string FileName = "tokens.json";

    /// <summary>The version of the shard format that this build reads and writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the shard format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Whether sequences are cut from a stream of documents or are given.</summary>
    public TokenKind Kind { get; init; }

    /// <summary>Ids are below this.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Bytes an id takes in the shards: 2 up to a vocabulary of 65,536, else 4.</summary>
    public int TokenBytes { get; init; }

    /// <summary>The id after every document, or -1 where none was added.</summary>
    public int EndOfTextId { get; init; } = -1;

    /// <summary>
    /// The ids of the tokenizer's special tokens, by name: masks and sentinels of some objectives; empty where no
    /// tokenizer is known.
    /// </summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>The digest of the tokenizer that made the ids; empty for ready-made ids.</summary>
    public string TokenizerDigest { get; init; } = "";

    /// <summary>The hash that names the corpus the ids came from.</summary>
    public string CorpusHash { get; init; } = "";

    /// <summary>Whether the training split is left out, to be encoded while it is trained on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HeldOutOnly { get; init; }

    /// <summary>The version of the program that wrote it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>The shards to train on, in order.</summary>
    public IReadOnlyList<TokenShardInfo> Train { get; init; } = [];

    /// <summary>The held-out shard; empty when nothing was held out.</summary>
    public IReadOnlyList<TokenShardInfo> Validation { get; init; } = [];

    /// <summary>Returns the shards of a split.</summary>
    public IReadOnlyList<TokenShardInfo> ShardsOf(CorpusSplit split) => split == CorpusSplit.Train ? Train : Validation;

    /// <summary>Returns the number of tokens in a split.</summary>
    public long TokensOf(CorpusSplit split) => ShardsOf(split).Sum(shard => shard.Tokens);

    /// <summary>Returns the number of documents, or ready-made sequences, in a split.</summary>
    public long DocumentsOf(CorpusSplit split) => ShardsOf(split).Sum(shard => shard.Documents);
}
