using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Cli.Reports;

/// <summary>Plain lines, for pipes and logs: every event, and progress no more often than every ten seconds.</summary>
internal sealed class PlainReporter(TextWriter output) : IRunReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RunNarrator _narrator = new();
    private DateTimeOffset _shownAt;
    private string _shown = "";

    /// <inheritdoc/>
    public void Show(Observed observed)
    {
        foreach (var line in _narrator.Next(observed))
        {
            Say(line);
        }

        if (
            observed.Now - _shownAt >= Interval
            && RunNarrator.ProgressLine(observed) is { } progress
            && progress != _shown
        )
        {
            Say(progress);
            _shownAt = observed.Now;
            _shown = progress;
        }
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    /// <inheritdoc/>
    public Task<T> WhileShownAsync<T>(Func<Task<T>> body) => body();
}
