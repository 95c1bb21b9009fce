using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodeParrot.Api.Crd;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>What can be said about rules without a server that evaluates them.</summary>
public sealed partial class CelRuleTests
{
    private static IReadOnlyList<CelRule> All => [.. SpecRules.All, .. IdentityRules.Of(SchemaTree.Root)];

    [Fact]
    public void Rules_select_and_blame_fields_that_exist()
    {
        foreach (var rule in All)
        {
            var self = SchemaPath.Find(SchemaTree.Root, rule.Path);
            Assert.True(self is not null, rule.Path);
            Assert.True(SchemaPath.Find(self, rule.FieldPath) is not null, rule.Path + " blames " + rule.FieldPath);
            foreach (Match selection in Selection().Matches(Quoted().Replace(rule.Rule, "''")))
            {
                var path = selection.Groups[1].Value;
                Assert.True(SchemaPath.Find(self, path) is not null, $"{rule.Rule}\nselects {selection.Value}");
            }
        }
    }

    [Fact]
    public void A_field_that_may_be_missing_is_asked_for_first()
    {
        foreach (var rule in All)
        {
            var self = SchemaPath.Find(SchemaTree.Root, rule.Path)!;
            foreach (Match selection in Selection().Matches(Quoted().Replace(rule.Rule, "''")))
            {
                var names = selection.Groups[1].Value.Split('.');
                for (var i = 1; i <= names.Length; i++)
                {
                    var path = string.Join('.', names[..i]);
                    var root = selection.Value[..selection.Value.IndexOf('.', StringComparison.Ordinal)];
                    Assert.True(
                        IsAlwaysThere(self, path)
                            || rule.Rule.Contains($"has({root}.{path})", StringComparison.Ordinal),
                        $"{rule.Rule}\nneeds has({root}.{path})"
                    );
                }
            }
        }
    }

    [Fact]
    public void A_rule_that_selects_fields_stands_where_no_default_stands()
    {
        // The server tries rules on a default as it is written, before the defaults inside it are filled in.
        foreach (var rule in All.Where(r => Selection().IsMatch(Quoted().Replace(r.Rule, "''"))))
        {
            Assert.True(SchemaPath.Find(SchemaTree.Root, rule.Path)!["default"] is null, rule.Path);
        }
    }

    [Fact]
    public void Rules_are_closed_and_have_one_line_messages()
    {
        foreach (var rule in All)
        {
            var text = Quoted().Replace(rule.Rule, "''");
            foreach (var (open, close) in new[] { ('(', ')'), ('[', ']'), ('{', '}') })
            {
                Assert.Equal(text.Count(c => c == open), text.Count(c => c == close));
            }

            Assert.Matches("^[^\n]{10,200}$", rule.Message);
        }
    }

    [Fact]
    public void Every_identity_field_is_held_still_by_a_rule_at_the_root()
    {
        var rules = IdentityRules.Of(SchemaTree.Root).ToList();
        var leaves = SchemaTree
            .Fields.Where(f => f.Path.StartsWith("spec.", StringComparison.Ordinal))
            .Where(f => f.Node["properties"] is null && !f.Path.EndsWith("[]", StringComparison.Ordinal))
            .Where(f => FieldClasses.Of(f.Path) == FieldClass.Identity);

        var free = leaves.Where(f =>
            !rules.Exists(r =>
                r.Rule.Contains("self." + f.Path, StringComparison.Ordinal)
                && r.Rule.Contains("oldSelf." + f.Path, StringComparison.Ordinal)
            )
        );

        Assert.Empty(free.Select(f => f.Path));
        Assert.All(rules, r => Assert.Equal("", r.Path));
        Assert.All(rules, r => Assert.Contains("oldSelf.status.attempt < 1", r.Rule, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("spec.training.maxSteps")]
    [InlineData("spec.training.learningRate")]
    [InlineData("spec.corpus.workers")]
    [InlineData("spec.store.credentialsSecret")]
    [InlineData("spec.workers.gpusPerPod")]
    [InlineData("spec.suspend")]
    public void Other_fields_may_be_edited_while_the_run_trains(string path)
    {
        Assert.DoesNotContain(
            IdentityRules.Of(SchemaTree.Root),
            r => r.Rule.Contains("oldSelf." + path, StringComparison.Ordinal)
        );
    }

    private static bool IsAlwaysThere(JsonObject self, string path)
    {
        var dot = path.LastIndexOf('.');
        var parent = SchemaPath.Find(self, dot < 0 ? "" : path[..dot])!;
        var name = path[(dot + 1)..];
        return path.StartsWith("metadata", StringComparison.Ordinal)
            || SchemaPath.Find(self, path)!["default"] is not null
            || parent["required"] is JsonArray names && names.Any(n => (string)n! == name);
    }

    // Selections end before a function's name.
    [GeneratedRegex(@"\b(?:oldSelf|self)\.((?:\.?[a-zA-Z]+\b(?!\())+)")]
    private static partial Regex Selection();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();
}
