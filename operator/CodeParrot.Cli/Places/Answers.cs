using CodeParrot.Api.Resources;

namespace CodeParrot.Cli.Places;

/// <summary>Waits until whoever drives a run has acted on an edit.</summary>
internal static class Answers
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits.</summary>
    /// <param name="place">Where the run is.</param>
    /// <param name="run">The run.</param>
    /// <param name="isAnswer">True for a state that shows the effect.</param>
    /// <param name="patience">Longest wait.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>That state; null where nobody drives the run, or time is over.</returns>
    public static async Task<TrainingRun?> AwaitAsync(
        IRunPlace place,
        TrainingRun run,
        Func<TrainingRun, bool> isAnswer,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            // Asked first: whoever stops driving has written the state that it leaves.
            var isDriven = place.IsDriven(run);
            var now = await place.CurrentAsync(run, cancellationToken);
            if (isAnswer(now))
            {
                return now;
            }

            if (!isDriven || time.GetUtcNow() >= deadline)
            {
                return null;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
