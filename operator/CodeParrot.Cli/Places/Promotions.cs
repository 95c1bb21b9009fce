using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;

namespace CodeParrot.Cli.Places;

/// <summary>
/// Has whoever drives a run promote a checkpoint: the spec names it, and with that the end of the run publishes nothing
/// in its place.
/// </summary>
internal static class Promotions
{
    // A driver gives a pod that promotes up after that.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="place">Where the run is.</param>
    /// <param name="run">The run.</param>
    /// <param name="checkpoint"><c>branch/name</c>.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What is published; null where nobody has acted on it.</returns>
    /// <exception cref="UserMistakeException">It cannot be published.</exception>
    public static async Task<string?> AskAsync(
        IRunPlace place,
        TrainingRun run,
        string checkpoint,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var asked = await place.EditAsync(
            run,
            s => s with { Publish = s.Publish with { Promote = checkpoint } },
            cancellationToken
        );
        var answer = await Answers.AwaitAsync(
            place,
            asked,
            r => r.Status.Promotion is { } p && p.Value == checkpoint && p.Result != ConditionReasons.PromotionStarted,
            Patience,
            time,
            cancellationToken
        );
        return answer?.Status.Promotion switch
        {
            { Result: ConditionReasons.Promoted } => answer.Status.Published,
            { } failed => throw new UserMistakeException($"{checkpoint} is not published: {failed.Message}"),
            null => null,
        };
    }
}
