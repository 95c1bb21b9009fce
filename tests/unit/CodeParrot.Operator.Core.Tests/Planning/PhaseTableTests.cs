using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Planning;

/// <summary>docs/phases.md says which phases follow which; the histories say whether that is so.</summary>
public sealed class PhaseTableTests
{
    private const int Histories = 300;
    private const int Length = 40;

    [Fact]
    public void The_published_table_is_what_runs_go_through()
    {
        var random = new Random(3);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Histories; i++)
        {
            int[] draws = [.. Enumerable.Range(0, Length).Select(_ => random.Next(100_000))];
            seen.UnionWith(Worlds.Histories.Play(new Planner(), draws).Transitions.Select(t => Row(t.From, t.To)));
        }

        // A failure shows the rows to put into the document.
        Assert.Equal(string.Join('\n', seen), string.Join('\n', Published()));
    }

    private static string Row(RunPhase from, RunPhase to) => $"| {from} | {to} |";

    private static IEnumerable<string> Published()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no CodeParrot.sln above the tests");
        }

        return File.ReadLines(Path.Combine(folder.FullName, "docs", "phases.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Select(l => string.Join('|', l.Split('|').Take(3)) + "|")
            .Where(l => Enum.GetNames<RunPhase>().Any(p => l.StartsWith($"| {p} |", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
    }
}
