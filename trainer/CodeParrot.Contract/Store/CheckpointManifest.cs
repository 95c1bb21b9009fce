using CodeParrot.Contract.Runtime;

namespace CodeParrot.Contract.Store;

/// <summary>
/// <c>manifest.json</c> of a checkpoint, written last: without it the checkpoint does not exist, with it every object
/// named here does, with this size and digest.
/// </summary>
public sealed record CheckpointManifest
{
    /// <summary>File name of the manifest.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The newest version of this format that this build reads, and the one that it writes.</summary>
    public const int NewestFormatVersion = 1;

    /// <summary>Version of this format. One that readers of an older version would misread has a new number.</summary>
    public int FormatVersion { get; init; } = NewestFormatVersion;

    /// <summary>As in <c>step-000015000-a1</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Branch of the run.</summary>
    public string Branch { get; init; } = "";

    /// <summary>UID of the run that wrote it.</summary>
    public string RunUid { get; init; } = "";

    /// <summary>Attempt that wrote it.</summary>
    public int Attempt { get; init; }

    /// <summary>Step it was taken after.</summary>
    public long Step { get; init; }

    /// <summary>Sequences trained on so far.</summary>
    public long Samples { get; init; }

    /// <summary>Tokens trained on so far.</summary>
    public long Tokens { get; init; }

    /// <summary>
    /// Step of the data order that comes next; differs from the step after a rollback with skipSteps.
    /// </summary>
    public long DataStep { get; init; }

    /// <summary>Training loss of the step.</summary>
    public double? Loss { get; init; }

    /// <summary>Loss on held-out data after this very step; null where it was not measured.</summary>
    public double? EvalLoss { get; init; }

    /// <summary>Checkpoint that this one goes on from, <c>branch/name</c>; empty for none.</summary>
    public string Parent { get; init; } = "";

    /// <summary>Ranks that wrote it.</summary>
    public int WorldSize { get; init; }

    /// <summary>Key of the token shards trained on.</summary>
    public string TokensKey { get; init; } = "";

    /// <summary>Key of the tokenizer; empty for ready-made tokens.</summary>
    public string TokenizerKey { get; init; } = "";

    /// <summary>SHA-256 of the resolved spec's identity, hex: a checkpoint is not resumed under another.</summary>
    public string IdentityDigest { get; init; } = "";

    /// <summary>
    /// The request for a checkpoint that was served last, by this one or by one before it: a gang that goes on from
    /// here does not serve it again. Null for none.
    /// </summary>
    public ServedRequest? ServedRequest { get; init; }

    /// <summary>When the manifest was written.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Every object of the checkpoint but this one.</summary>
    public IReadOnlyList<CheckpointObject> Objects { get; init; } = [];
}
