using System.Reflection;
using System.Text.RegularExpressions;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Tests.Failure;

/// <summary>docs/failures.md knows every code, condition and reason, and what the operator does about them.</summary>
public sealed partial class FailureGuideTests
{
    private static readonly string _guide = Read("docs", "failures.md");

    [Fact]
    public void Every_exit_code_has_its_row_with_what_the_operator_does()
    {
        var expected = Enum.GetValues<ExitCode>()
            .Select(c => $"{(int)c} {c} {(c == ExitCode.Done ? "" : ActionOf((int)c))}");

        var rows = Rows("Exit codes")
            .Where(r => int.TryParse(r[0], out _))
            .Select(r => $"{r[0]} {Name(r[1])} {Name(r[^1])}");

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Every_narrower_class_has_its_row()
    {
        var rows = Rows("Exit codes").Where(r => r.Count == 5).ToList();

        Assert.Equal(Constants(typeof(TerminationMessage)).Order(), rows.Select(r => Name(r[0])).Order());
        foreach (var row in rows.Where(r => Enum.TryParse<FailureAction>(Name(r[^1]), out _)))
        {
            var said = new TerminationMessage { Class = Name(row[0]) };
            Assert.Equal(Name(row[^1]), ActionOf(int.Parse(row[1]), new PodObservation { Message = said }));
        }
    }

    [Fact]
    public void A_cluster_s_reasons_lead_to_what_their_rows_say()
    {
        var rows = Rows("Exit codes").Where(r => r.Count == 4).ToList();

        Assert.True(rows.Count >= 4);
        foreach (var row in rows)
        {
            foreach (var reason in row[0].Split(", ").Select(Name))
            {
                Assert.Equal((reason, Name(row[^1])), (reason, ActionOf(137, new PodObservation { Reason = reason })));
            }
        }
    }

    [Fact]
    public void Every_alert_of_the_chart_has_its_row()
    {
        var rules = Read("charts", "codeparrot", "alerts", "codeparrot.rules.yaml");

        var alerts = Alert().Matches(rules).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(alerts);
        Assert.Equal(alerts, Rows("Alerts").Select(r => Name(r[0])));
    }

    [Fact]
    public void Every_condition_has_its_row() =>
        Assert.Equal(Constants(typeof(ConditionTypes)), Rows("Conditions").Select(r => Name(r[0])));

    [Fact]
    public void Every_reason_has_its_row_of_conditions_that_there_are()
    {
        string[] others = ["attempt", "event", "checkpointRequest", "promotion", "cleanup", "lastFailure"];
        var rows = Rows("Reasons");

        Assert.Equal(Constants(typeof(ConditionReasons)), rows.Select(r => Name(r[0])));
        Assert.All(
            rows.SelectMany(r => r[1].Split(", ")),
            owner => Assert.Contains(owner, others.Concat(Constants(typeof(ConditionTypes))))
        );
    }

    private static string ActionOf(int code, PodObservation? pod = null)
    {
        var ended = (pod ?? new PodObservation()) with { ExitCode = code, Phase = PodPhase.Failed };
        var failure = new FailureStatus(0, "node", ended.Reason, code, "", "pod", DateTimeOffset.UnixEpoch);
        return $"{FailureRules.Decide([], failure, ended)}";
    }

    private static IReadOnlyList<string> Constants(Type type) =>
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(f => f.IsLiteral && f.FieldType == typeof(string))
                .Select(f => (string)f.GetRawConstantValue()!),
        ];

    // Cells of all rows below a heading, but for the tables' heads.
    private static List<IReadOnlyList<string>> Rows(string heading)
    {
        var start = _guide.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        var end = _guide.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var section = end < 0 ? _guide[start..] : _guide[start..end];
        return
        [
            .. section
                .Split('\n')
                .Where(l => l.StartsWith("| `", StringComparison.Ordinal) || Code().IsMatch(l))
                .Select(l => (IReadOnlyList<string>)[.. l.Split('|')[1..^1].Select(c => c.Trim())]),
        ];
    }

    private static string Name(string cell) => cell.Split(", ")[0].Trim('`');

    private static string Read(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no CodeParrot.sln above the tests");
        }

        return File.ReadAllText(Path.Combine([folder.FullName, .. path]));
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Code();
}
