using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Keeps a rank's progress where its pod's first process reads it; writes at most twice a second.</summary>
internal sealed class ProgressReporter(RankFiles files, int rank, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private DateTimeOffset _writtenAt;

    /// <summary>The newest progress, written or not.</summary>
    public RunProgress Current { get; private set; } = new();

    /// <summary>Shows new progress.</summary>
    /// <param name="progress">The figures; rank states and the time are filled in where they are missing.</param>
    /// <param name="now">True writes even if the last write was a moment ago: a state changed.</param>
    public void Show(RunProgress progress, bool now = false)
    {
        lock (_lock)
        {
            var at = time.GetUtcNow();
            var ranks =
                progress.Ranks.Count > 0 ? progress.Ranks : [new RankProgress(rank, "Running", progress.Step, 0, at)];
            Current = progress with { UpdatedAt = at, Ranks = ranks };
            if (now || at - _writtenAt >= Pause)
            {
                files.Write(Current);
                _writtenAt = at;
            }
        }
    }
}
