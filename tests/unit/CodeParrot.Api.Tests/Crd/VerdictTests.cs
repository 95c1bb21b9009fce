using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Accept;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// The operator judges as a Kubernetes API server does, which evaluated the rules in CEL when <c>make test-cel</c> ran.
/// </summary>
public sealed class VerdictTests
{
    private const string Remedy = "run make test-cel, and commit tests/cluster/cel/verdicts.jsonl";

    private static IEnumerable<Verdict> New => Verdicts.All.Where(v => v.Created is not null);

    private static IEnumerable<Verdict> Edits => Verdicts.All.Where(v => v.Edited is not null);

    [Fact]
    public void The_verdicts_are_about_this_definition_and_this_table()
    {
        var crd = Path.Combine(RepositoryFolder.Crds, "trainingruns.codeparrot.dev.yaml");

        Assert.True(Verdicts.Crd == Verdicts.Hash(crd), "the definition changed since it was judged: " + Remedy);
        Assert.True(
            Verdicts.Manifests == Verdicts.Hash(JudgedManifests.File),
            "the table changed since it was judged: " + Remedy
        );
        Assert.Equal(JudgedManifests.All.Count, New.Count() + Edits.Count());
        Assert.StartsWith("v1.", Verdicts.Server, StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_took_and_refused_what_the_table_expects()
    {
        var surprises = New.Where(v => !IsExpected(v.Manifest, v.Created!));

        Assert.Empty(surprises.Select(v => $"{v.Manifest}: {v.Manifest.Expect}, but it blamed {Text(v.Created!)}"));
    }

    [Fact]
    public void The_validator_takes_and_refuses_the_same()
    {
        var disagreements =
            from verdict in New
            where verdict.Manifest.Expect != Expectation.Stricter
            let mistakes = Manifests.AllMistakes(verdict.Manifest.Tree())
            let counted = Manifests.Mistakes(verdict.Manifest.Tree())
            where
                verdict.Created!.Length == 0
                    ? counted.Count > 0
                    : !mistakes.Any(m => Innermost(verdict.Created).Any(field => IsAtOrBelow(m.Path, field)))
            select $"{verdict.Manifest}: the server blamed {Text(verdict.Created!)}, we {string.Join("; ", mistakes)}";

        Assert.Empty(disagreements);
    }

    [Fact]
    public void Once_a_run_has_begun_the_server_holds_what_the_table_says()
    {
        var surprises = Edits.Where(v =>
            v.Manifest.Expect == Expectation.Free
                ? v.Edited!.Length > 0 || v.PutBack!.Length > 0
                : !v.Edited!.Contains(v.Manifest.Blamed) || !v.PutBack!.Contains(v.Manifest.Blamed)
        );

        Assert.Empty(surprises.Select(v => $"{v.Manifest}: blamed {Text(v.Edited!)}, back {Text(v.PutBack!)}"));
    }

    [Fact]
    public void Before_a_run_has_begun_every_edit_is_taken() =>
        Assert.Empty(Edits.Where(v => v.EditedEarly!.Length > 0).Select(v => $"{v.Manifest}: {Text(v.EditedEarly!)}"));

    [Fact]
    public void The_operator_holds_the_same_fields()
    {
        var before = Spec(Manifests.Good());
        var disagreements =
            from verdict in Edits
            let after = Spec(verdict.Manifest.Tree())
            let changed = IdentityFields.Changed(before, after)
            where changed.Count > 0 != verdict.Edited!.Length > 0
            select $"{verdict.Manifest}: the server blamed {Text(verdict.Edited!)}, we {string.Join("; ", changed)}";

        Assert.Empty(disagreements);
    }

    [Fact]
    public void A_run_from_before_a_rule_gets_its_status_and_can_go_unless_the_rule_stands_over_unread_fields()
    {
        var kept = New.Where(v => v.KeptStatus is not null).ToList();

        // What the server preserves unread it cannot compare, and takes the object that holds it for changed by every
        // write. Such a run could not be deleted once a rule on spec were tightened: they are only ever loosened.
        var surprises = kept.Where(v =>
        {
            var isStuck = IsByRuleOnSpec(v.Manifest) && SchemaTree.CarriesUnread(v.Manifest.Tree());
            return v.KeptStatus!.Length > 0 != isStuck || v.KeptFinalizer!.Length > 0 != isStuck;
        });

        Assert.Equal(
            JudgedManifests.All.Where(r => r is { Expect: Expectation.RefusedByRule, Path: not "metadata.name" }),
            kept.Select(v => v.Manifest)
        );
        Assert.Empty(surprises.Select(v => $"{v.Manifest}: {Text(v.KeptStatus!)}, {Text(v.KeptFinalizer!)}"));
    }

    private static bool IsByRuleOnSpec(JudgedManifest row) =>
        SpecRules.All.Any(rule => rule.Path == "spec" && rule.Blamed == row.Blamed);

    private static bool IsExpected(JudgedManifest row, string[] blamed) =>
        row.Expect switch
        {
            Expectation.Taken => blamed.Length == 0,
            Expectation.OutOfBounds => blamed.Contains(row.Path),
            Expectation.RefusedByRule => blamed.Any(row.IsBlamed),
            _ => blamed.Length > 0,
        };

    // A text that is no duration is blamed at its field, and once more at the object whose rule could not read it.
    private static IEnumerable<string> Innermost(string[] blamed) =>
        blamed.Where(field => !Array.Exists(blamed, other => other != field && IsAtOrBelow(other, field)));

    private static bool IsAtOrBelow(string path, string field) =>
        path == field || path.StartsWith(field + ".", StringComparison.Ordinal) || path.StartsWith(field + "[");

    private static RunSpec Spec(JsonObject manifest) => manifest["spec"].Deserialize<RunSpec>(ApiJson.Compact)!;

    private static string Text(string[] fields) => fields.Length == 0 ? "nothing" : string.Join(", ", fields);
}
