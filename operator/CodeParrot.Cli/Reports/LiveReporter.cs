using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using Spectre.Console;

namespace CodeParrot.Cli.Reports;

/// <summary>A table that lives on the terminal, with events as lines above it.</summary>
internal sealed class LiveReporter(IAnsiConsole console) : IRunReporter
{
    private readonly RunNarrator _narrator = new();
    private LiveDisplayContext? _display;

    /// <inheritdoc/>
    public void Show(Observed observed)
    {
        foreach (var line in _narrator.Next(observed))
        {
            Say(line);
        }

        _display?.UpdateTarget(Table(observed));
    }

    /// <inheritdoc/>
    public void Say(string line) =>
        // A line takes the place of the table's first one, whose end would show behind a shorter text.
        console.WriteLine(_display is null ? line : line.PadRight(Math.Max(0, console.Profile.Width - 1)));

    /// <inheritdoc/>
    public Task<T> WhileShownAsync<T>(Func<Task<T>> body) =>
        console
            .Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async context =>
            {
                _display = context;
                try
                {
                    return await body();
                }
                finally
                {
                    _display = null;
                }
            });

    /// <summary>The run as a table: stage, step, loss, speed, and every rank's state.</summary>
    public static Table Table(Observed observed)
    {
        var status = observed.Status;
        var p = observed.CurrentProgress();
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumns("run", "stage", "step", "loss", "tokens/s", "ETA");
        table.AddRow(
            Markup.Escape(observed.Run.Metadata.Name),
            Markup.Escape(status.Stage.Length > 0 ? $"{status.Stage} ({status.Phase})" : $"{status.Phase}"),
            p is null ? "-" : Figures.Whole(p.Step) + (p.MaxSteps > 0 ? "/" + Figures.Whole(p.MaxSteps) : ""),
            Figures.Number(p?.Loss),
            p?.TokensPerSecond is { } speed ? Figures.Whole(speed) : "-",
            p?.EtaSeconds is >= 0 and < 1e9 ? Figures.Duration(TimeSpan.FromSeconds(p.EtaSeconds.Value)) : "-"
        );
        foreach (var rank in p?.Ranks ?? [])
        {
            AddRank(table, rank);
        }

        if (p?.Message.Length > 0)
        {
            table.Caption = new TableTitle(Markup.Escape(p.Message));
        }

        return table;
    }

    private static void AddRank(Table table, RankProgress rank) =>
        table.AddRow(
            $"  rank {rank.Rank}",
            Markup.Escape(rank.State),
            Figures.Whole(rank.Step),
            "",
            rank.StepSeconds > 0 ? $"{Figures.Number(rank.StepSeconds)} s/step" : "",
            ""
        );
}
