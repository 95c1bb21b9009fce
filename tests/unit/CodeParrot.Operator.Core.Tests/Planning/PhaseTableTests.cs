using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
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
            seen.UnionWith(Rows(Worlds.Histories.Play(new Planner(), draws)));
        }

        seen.UnionWith(Rows(RolledBackOutOfSuccess()));
        seen.UnionWith(Rows(RefusedByItsStore()));
        seen.UnionWith(Rows(OutlivedByItsPeers()));

        Assert.True(seen.SetEquals(Published()), "docs/phases.md should have these rows:\n" + string.Join('\n', seen));
    }

    private static IEnumerable<string> Rows(World world) => world.Transitions.Select(t => $"| {t.From} | {t.To} |");

    // What histories of faults hardly ever come to.
    private static World RolledBackOutOfSuccess() =>
        new World()
            .ToTraining()
            .Report(10, Runs.Checkpoint(10))
            .Settle()
            .Succeed("train")
            .Succeed("evaluate")
            .Succeed("publish")
            .Edit(s => s with { Rollback = new RollbackSpec { ToStep = 10 } })
            .Settle();

    private static World RefusedByItsStore() =>
        new World()
            .ToTraining()
            .End("train", 2, new TerminationMessage { Class = TerminationMessage.StoreInUse })
            .Settle()
            .Annotate(AnnotationNames.AdoptStore, "true")
            .Settle();

    private static World OutlivedByItsPeers() =>
        new World("failurePolicy.recovery=Peers")
            .ToTraining()
            .End("a1-1", 137)
            .Settle()
            .Advance(5)
            .Settle()
            .Advance(5)
            .Report(7)
            .Settle();

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
