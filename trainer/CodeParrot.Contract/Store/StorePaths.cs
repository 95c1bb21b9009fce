using System.Globalization;

namespace CodeParrot.Contract.Store;

/// <summary>Where things stand in the store, below its prefix.</summary>
public static class StorePaths
{
    /// <summary>The ref that names the published model.</summary>
    public const string MainRef = "refs/main";

    private const string StepPrefix = "step-";

    /// <summary>Prefix of a corpus, by the hash of its inputs.</summary>
    public static string Corpus(string hash) => $"corpora/{hash}";

    /// <summary>Prefix of a corpus's token shards, by the hash of corpus and tokenizer.</summary>
    public static string Tokens(string corpusPrefix, string hash) => $"{corpusPrefix}/tokens-{hash}";

    /// <summary>Prefix of a tokenizer, by the hash of its inputs.</summary>
    public static string Tokenizer(string hash) => $"tokenizers/{hash}";

    /// <summary>Prefix of a run.</summary>
    public static string Run(string @namespace, string run) => $"runs/{@namespace}/{run}";

    /// <summary>Prefix of all branches of a run.</summary>
    public static string Branches(string @namespace, string run) => $"{Run(@namespace, run)}/branches";

    /// <summary>Prefix of a checkpoint; <paramref name="checkpoint"/> is <c>branch/name</c>.</summary>
    public static string Checkpoint(string @namespace, string run, string checkpoint) =>
        $"{Branches(@namespace, run)}/{checkpoint}";

    /// <summary>Name of a checkpoint: sorts by step.</summary>
    public static string CheckpointName(long step, int attempt) => $"{StepPrefix}{step:D9}-a{attempt}";

    /// <summary>The attempt that committed a checkpoint, by its name; 0 for a name of another form.</summary>
    public static int AttemptOf(string checkpointName) =>
        checkpointName.LastIndexOf("-a", StringComparison.Ordinal) is >= 0 and var at
        && int.TryParse(checkpointName.AsSpan(at + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : 0;

    /// <summary>The step of a checkpoint, by its name; -1 for a name of another form.</summary>
    public static long StepOf(string checkpointName) =>
        checkpointName.StartsWith(StepPrefix, StringComparison.Ordinal)
        && checkpointName.LastIndexOf("-a", StringComparison.Ordinal) is var end
        && end > StepPrefix.Length
        && long.TryParse(
            checkpointName.AsSpan(StepPrefix.Length, end - StepPrefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var step
        )
            ? step
            : -1;

    /// <summary>The ref that names a run's newest promoted checkpoint.</summary>
    public static string RunRef(string @namespace, string run) => $"refs/runs/{@namespace}/{run}";

    /// <summary>The branch that an attempt begins: the first one, or a rollback's.</summary>
    public static string BranchName(int attempt) => $"b{attempt}";
}
