using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;

namespace CodeParrot.Cli.Places;

/// <summary>Prints the logs of a run's pods as they come, one gang after the other.</summary>
/// <param name="place">Where the run is.</param>
/// <param name="output">Gets whole lines.</param>
/// <param name="time">Clock.</param>
internal sealed class LogReader(IRunPlace place, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _read = [];

    /// <summary>Prints.</summary>
    /// <exception cref="UserMistakeException">No pod fits.</exception>
    public async Task ReadAsync(TrainingRun run, LogWish wish, CancellationToken cancellationToken)
    {
        var all = await place.PodsAsync(run, cancellationToken);
        var pods = Choose(all, wish);
        if (pods.Count == 0)
        {
            throw Nothing(run, wish, all);
        }

        if (!wish.Follow)
        {
            foreach (var pod in pods)
            {
                await PrintAsync(pod, wish, pods.Count > 1, cancellationToken);
            }

            return;
        }

        List<Task> reading = [];
        while (true)
        {
            // Pods of one gang come one by one, and those of the next attempt after those of this one.
            var gang = run.Status.Gang.Pods;
            reading.AddRange(
                pods.Where(p => _read.Add(p.Name))
                    .Select(p => PrintAsync(p, wish, Math.Max(gang, pods.Count) > 1, cancellationToken))
            );
            if (reading.TrueForAll(r => r.IsCompleted) && !await GoesOnAsync(run, cancellationToken))
            {
                await Task.WhenAll(reading);
                return;
            }

            await Task.Delay(Poll, time, cancellationToken);
            pods = Choose(await place.PodsAsync(run, cancellationToken), wish);
        }
    }

    /// <summary>Pods of the newest attempt's newest stage that are wanted, by index.</summary>
    public static IReadOnlyList<RunPod> Choose(IReadOnlyList<RunPod> pods, LogWish wish)
    {
        var fitting = pods.Where(p => wish.Stage is null || p.Stage == wish.Stage)
            .Where(p => wish.Rank is not { } rank || p.Holds(rank));
        var newest = fitting.GroupBy(p => (p.Attempt, p.Stage)).MaxBy(g => (g.Key.Attempt, g.Max(p => p.CreatedAt)));
        return [.. newest?.OrderBy(p => p.PodIndex).ThenBy(p => p.CreatedAt) ?? Enumerable.Empty<RunPod>()];
    }

    private async Task PrintAsync(RunPod pod, LogWish wish, bool prefixed, CancellationToken cancellationToken)
    {
        var log = new RankLog(pod, wish.Rank, prefixed && wish.Rank is null);
        await foreach (var line in place.LogAsync(pod, wish.Follow, cancellationToken))
        {
            if (log.Shown(line) is { } shown)
            {
                Print(shown);
            }
        }
    }

    // Pods print at once, and a line is never cut by another's.
    private void Print(string line)
    {
        lock (output)
        {
            output.WriteLine(line);
        }
    }

    // A gang's pods may be gone while the next ones are not there yet: the run says whether they will come.
    private async Task<bool> GoesOnAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var isDriven = place.IsDriven(run);
        var status = (await place.CurrentAsync(run, cancellationToken)).Status;
        return isDriven && !status.IsTerminal() && status.Phase != RunPhase.Suspended;
    }

    private UserMistakeException Nothing(TrainingRun run, LogWish wish, IReadOnlyList<RunPod> pods)
    {
        var name = run.Metadata.Name;
        if (pods.Count == 0)
        {
            return new UserMistakeException(
                run.Status.IsTerminal()
                    ? $"run {name} is over ({run.Status.Phase}), and its pods are gone with their logs; "
                        + "its report and its metrics are in the store"
                    : $"run {name} has no pods yet; {place.Command} get {name} says where it is"
            );
        }

        var known = string.Join(", ", pods.Select(p => p.Stage).Distinct().Order(StringComparer.Ordinal));
        return wish.Stage is not null && pods.All(p => p.Stage != wish.Stage)
            ? new UserMistakeException($"run {name} has no pods of stage '{wish.Stage}'; it has some of: {known}")
            : new UserMistakeException(
                $"no pod of run {name} has rank {wish.Rank}; its newest gang has "
                    + $"{Choose(pods, wish with { Rank = null }).Sum(p => p.RanksPerPod)} ranks"
            );
    }
}
