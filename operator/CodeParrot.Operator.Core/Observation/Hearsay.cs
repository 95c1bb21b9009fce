using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Observation;

/// <summary>
/// What pods say of themselves, brought within what a status may hold. An image of the user's own may say anything, and
/// one field that the schema refuses would have every write of the run refused, and so stop it for good.
/// </summary>
public static class Hearsay
{
    // Of the schema's bounds: a whole number that JSON keeps exactly, the name of a checkpoint, its digest,
    // branch/name.
    private const long MaxNumber = 9007199254740991;
    private const int MaxName = 256;
    private const int MaxDigest = 64;
    private const int MaxReference = 1024;

    // Shorter than the schema's bounds: they become reasons, and parts of longer messages.
    private const int MaxWord = 128;
    private const int MaxText = 8192;

    /// <summary>What a pod said as it ended.</summary>
    public static TerminationMessage Of(TerminationMessage said) =>
        said with
        {
            Rank = Math.Max(-1, said.Rank),
            Step = Number(said.Step),
            Class = Cut(said.Class, MaxWord),
            Message = Cut(said.Message, MaxText),
            Checkpoint = Cut(said.Checkpoint, MaxReference),
            SkipSteps = Math.Max(0, said.SkipSteps),
            Checkpoints = [.. Given(said.Checkpoints).Where(IsSound)],
            Stored = Names(said.Stored),
            ServedRequest = IsSound(said.ServedRequest) ? said.ServedRequest : null,
            Outputs = Given(said.Outputs).Where(IsSound).ToDictionary(),
        };

    /// <summary>What a pod answers about its progress.</summary>
    public static RunProgress Of(RunProgress said) =>
        said with
        {
            RunUid = Cut(said.RunUid, MaxName),
            Stage = Cut(said.Stage, MaxWord),
            Step = Number(said.Step),
            MaxSteps = Number(said.MaxSteps),
            Tokens = Number(said.Tokens),
            Message = Cut(said.Message, MaxText),
            Checkpoint = IsSound(said.Checkpoint) ? said.Checkpoint : null,
            Stored = Names(said.Stored),
            ServedRequest = IsSound(said.ServedRequest) ? said.ServedRequest : null,
            Ranks =
            [
                .. Given(said.Ranks)
                    .Where(r => r is { Rank: >= 0 })
                    .Select(r => r with { State = Cut(r.State, MaxWord) }),
            ],
        };

    private static bool IsSound(CheckpointSummary? said) =>
        said is { Name.Length: > 0 and <= MaxName, Branch.Length: > 0 and <= MaxName, Digest.Length: <= MaxDigest }
        && said.Step == Number(said.Step)
        && said.Bytes == Number(said.Bytes);

    private static bool IsSound(ServedRequest? said) =>
        said is { Nonce.Length: > 0 and <= ProgressQuery.MaxNonceLength, Checkpoint.Length: > 0 and <= MaxReference };

    private static bool IsSound(KeyValuePair<string, string> output) =>
        output.Value is { } value && value.Length <= (output.Key == StageOutputs.Published ? MaxReference : MaxText);

    // A list that is cut would say that the rest is deleted.
    private static IReadOnlyList<string>? Names(IReadOnlyList<string>? said) =>
        said is { Count: <= RunProgress.MaxStored } && said.All(n => n is { Length: > 0 and <= MaxReference })
            ? said
            : null;

    private static long Number(long said) => Math.Clamp(said, 0, MaxNumber);

    // A null in the JSON gets past the types.
    private static string Cut(string? said, int most) =>
        said is null ? ""
        : said.Length <= most ? said
        : said[..most];

    private static IEnumerable<T> Given<T>(IEnumerable<T>? said) => said ?? [];
}
