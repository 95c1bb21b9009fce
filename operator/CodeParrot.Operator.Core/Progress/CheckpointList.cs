using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Progress;

/// <summary>The list of complete checkpoints in the status.</summary>
public static class CheckpointList
{
    /// <summary>Newest checkpoints that the status names; the best is kept besides.</summary>
    public const int MaxNewest = 50;

    /// <summary>How a checkpoint is named across branches: <c>branch/name</c>.</summary>
    public static string Key(CheckpointSummary checkpoint) => $"{checkpoint.Branch}/{checkpoint.Name}";

    /// <summary>True where a person's word, <c>branch/name</c> or a name, means this checkpoint.</summary>
    public static bool IsNamed(CheckpointSummary checkpoint, string word) =>
        checkpoint.Name == word || Key(checkpoint) == word;

    /// <summary>The checkpoint committed last, or null.</summary>
    public static CheckpointSummary? Newest(RunStatus status) =>
        status.Checkpoints.Count > 0 ? status.Checkpoints[0] : null;

    /// <summary>
    /// The checkpoint before the one that an attempt of the current branch would go on from; null for none. What other
    /// branches have was left behind by a rollback, and is not gone back to.
    /// </summary>
    public static CheckpointSummary? BeforeNewest(RunStatus status)
    {
        var own = status.Checkpoints.Where(c => c.Branch == status.Branch).ToList();
        var start = status.Checkpoints.FirstOrDefault(c =>
            Key(c) == status.StartFrom?.Checkpoint && !(own.Count == 1 && own[0] == c)
        );
        return own.Count > 1 ? own[1]
            : own.Count == 1 ? start
            : status.Checkpoints.FirstOrDefault(c => c.Branch == start?.Branch && c.Step < start.Step);
    }

    /// <summary>The newest checkpoint of a step, that of the current branch first; null for none.</summary>
    public static CheckpointSummary? AtStep(RunStatus status, long step) =>
        status
            .Checkpoints.Where(c => c.Step == step)
            .OrderByDescending(c => c.Branch == status.Branch)
            .FirstOrDefault();

    /// <summary>
    /// Adds checkpoints: newest first, no name twice, and no more than the status may hold. Which is newer is said by
    /// attempt and step, which only grow: nodes' clocks differ, and a checkpoint of an attempt that is over would
    /// otherwise stay the newest for as long as its node's clock is ahead.
    /// </summary>
    public static IReadOnlyList<CheckpointSummary> Merge(
        IEnumerable<CheckpointSummary> known,
        IEnumerable<CheckpointSummary> found
    )
    {
        var all = known
            .Concat(found)
            .GroupBy(Key)
            .Select(g => g.Last())
            .OrderByDescending(c => StorePaths.AttemptOf(c.Name))
            .ThenByDescending(c => c.Step)
            .ThenByDescending(c => c.CreatedAt)
            .ThenBy(Key, StringComparer.Ordinal)
            .ToList();
        var best = all.Where(c => c.EvalLoss is not null).MinBy(c => c.EvalLoss);
        var kept = all.Take(MaxNewest).ToList();
        return best is null || kept.Contains(best) ? kept : [.. kept, best];
    }

    /// <summary>
    /// Those of the known checkpoints that are there by a list of all that the store holds; what was committed after it
    /// was made stays.
    /// </summary>
    public static IEnumerable<CheckpointSummary> There(
        IEnumerable<CheckpointSummary> known,
        IReadOnlyList<CheckpointSummary> all
    )
    {
        var attempt = all.Select(c => StorePaths.AttemptOf(c.Name)).DefaultIfEmpty().Max();
        var word = new StoreWord(attempt, [.. all.Select(Key)]);
        return known.Where(c => !word.Misses(Key(c)));
    }

    /// <summary>
    /// The status with every checkpoint, and the answer to a request for one, that pods and progress tell of, and
    /// without those that they tell are deleted.
    /// </summary>
    internal static RunStatus Harvest(Observed observed)
    {
        var words = StoreWord.Heard(observed);
        // The pod that was to promote it looked for it after rank 0's last words, maybe.
        var looked = observed.Status.Promotion is { Result: ConditionReasons.CheckpointDeleted } p ? p.Value : "";
        bool IsThere(CheckpointSummary c) => !words.Any(w => w.Misses(Key(c))) && !IsNamed(c, looked);
        var found = Found(observed).Where(IsThere).ToList();
        var status = OpenRequest.Latch(observed, observed.Status);
        var fresh = found.Exists(c => status.Checkpoints.All(k => Key(k) != Key(c)));
        if (!fresh && status.Checkpoints.All(IsThere))
        {
            return status;
        }

        // One that is older than all that are kept is no news: a write for it would come again and again.
        var merged = Merge(status.Checkpoints.Where(IsThere), found);
        return merged.Select(Key).SequenceEqual(status.Checkpoints.Select(Key))
            ? status
            : Available(observed, Advance(status with { Checkpoints = merged }));
    }

    // Who speaks of nothing as new as what is known speaks of a time before it: some of that may be deleted by now.
    private static IEnumerable<CheckpointSummary> Found(Observed observed)
    {
        var current = observed.CurrentProgress();
        IReadOnlyList<CheckpointSummary> reading = current?.Checkpoint is { } last ? [last] : [];
        bool IsOld(IReadOnlyList<CheckpointSummary> said) =>
            Newest(observed.Status) is { } known && said.All(c => Order(c).CompareTo(Order(known)) < 0);
        var stored = IsOld(reading) ? [] : current?.Stored ?? [];
        return observed
            .Messages()
            .Select(m => m.Checkpoints)
            .Append(reading)
            .SelectMany(said => IsOld(said) ? said.Where(c => stored.Contains(Key(c))) : said);
    }

    private static (int Attempt, long Step) Order(CheckpointSummary c) => (StorePaths.AttemptOf(c.Name), c.Step);

    /// <summary>The status without a checkpoint that was looked for in the store, and is not there.</summary>
    internal static RunStatus Without(Observed observed, RunStatus status, string checkpoint) =>
        status.Checkpoints.All(c => Key(c) != checkpoint)
            ? status
            : Available(
                observed,
                status with
                {
                    Checkpoints = [.. status.Checkpoints.Where(c => Key(c) != checkpoint)],
                }
            );

    /// <summary>The steps that can be gone back to, for people.</summary>
    internal static string Steps(RunStatus status) =>
        status.Checkpoints.Count == 0
            ? "there is no checkpoint to go back to"
            : "checkpoints that can be gone back to are those of steps "
                + string.Join(", ", status.Checkpoints.Select(c => c.Step).Distinct().Order());

    private static RunStatus Available(Observed observed, RunStatus status) =>
        Newest(status) is { } newest
            ? status.WithCondition(
                observed,
                ConditionTypes.CheckpointAvailable,
                holds: true,
                ConditionReasons.Committed,
                $"{Key(newest)} is complete"
            )
            : status.WithCondition(
                observed,
                ConditionTypes.CheckpointAvailable,
                holds: false,
                ConditionReasons.CheckpointMissing,
                "the checkpoints that were known are not in the store any more"
            );

    // Progress is read every few seconds, and a gang that ends says more in its last checkpoint than in its last
    // reading.
    private static RunStatus Advance(RunStatus status)
    {
        var newest = status.Checkpoints.FirstOrDefault(c => c.Branch == status.Branch);
        return status.Progress is { Stage: StageNames.Train } progress && newest?.Step > progress.Step
            ? status with
            {
                Progress = progress with
                {
                    Step = newest.Step,
                    Loss = newest.Loss,
                    EvalLoss = newest.EvalLoss ?? progress.EvalLoss,
                    Perplexity = newest.EvalLoss is { } loss ? Math.Exp(loss) : progress.Perplexity,
                    Eta = null,
                },
            }
            : status;
    }
}
