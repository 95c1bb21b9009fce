namespace CodeParrot.Contract.Runtime;

/// <summary>Names of the stages, in their order.</summary>
public static class StageNames
{
    /// <summary>Raw source to filtered documents.</summary>
    public const string Corpus = "corpus";

    /// <summary>Documents to a tokenizer and token shards.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>Token shards to checkpoints.</summary>
    public const string Train = "train";

    /// <summary>A checkpoint to figures and a report.</summary>
    public const string Evaluate = "evaluate";

    /// <summary>A checkpoint to the published model.</summary>
    public const string Publish = "publish";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Corpus, Tokenizer, Train, Evaluate, Publish];
}
