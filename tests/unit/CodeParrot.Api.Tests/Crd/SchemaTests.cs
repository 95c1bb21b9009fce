using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Tests.Crd;

public sealed class SchemaTests
{
    [Fact]
    public void Every_field_is_described()
    {
        // The server refuses a description of the metadata.
        var bare = SchemaTree.Fields.Where(f =>
            f.Path != "metadata" && ((string?)f.Node["description"])?.TrimEnd().EndsWith('.') != true
        );

        Assert.Empty(bare.Select(f => f.Path));
        Assert.False(((JsonObject)SchemaTree.Root["properties"]!["metadata"]!).ContainsKey("description"));
    }

    [Fact]
    public void Descriptions_name_fields_as_users_write_them_and_carry_no_markup()
    {
        var texts = SchemaTree.Fields.Select(f => (string?)f.Node["description"] ?? "").ToList();

        Assert.DoesNotContain(texts, t => t.Contains('<', StringComparison.Ordinal));
        Assert.Contains(texts, t => t.StartsWith("Ranks in one pod; must divide count.", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_list_map_text_and_number_is_bounded()
    {
        var unbounded =
            from field in SchemaTree.Fields
            where field.Path is not ("apiVersion" or "kind")
            let node = field.Node
            let bounded = SchemaTree.Type(node) switch
            {
                "array" => node.ContainsKey("maxItems"),
                "string" => node.ContainsKey("maxLength")
                    || node.ContainsKey("enum")
                    || (string?)node["format"] == "date-time",
                "integer" => node.ContainsKey("minimum") && node.ContainsKey("maximum"),
                "number" => node.ContainsKey("minimum") || field.Path.StartsWith("status.", StringComparison.Ordinal),
                "object" => node.ContainsKey("properties") || node.ContainsKey("maxProperties"),
                _ => true,
            }
            where !bounded
            select field.Path;

        Assert.Empty(unbounded);
    }

    [Fact]
    public void The_tables_of_bounds_name_no_field_that_is_gone()
    {
        var known = SchemaTree.Fields.Select(f => f.Path).ToHashSet();

        Assert.Empty(SpecBounds.All.Keys.Concat(StatusBounds.All.Keys).Where(p => !known.Contains(p)));
    }

    [Fact]
    public void A_field_without_bounds_stops_the_generator_and_is_named()
    {
        var bounds = SpecBounds.All.Where(b => b.Key != "spec.training.maxSteps").ToDictionary();
        var spec = typeof(Api.Resources.TrainingRun).GetProperty("Spec")!;

        var e = Assert.Throws<InvalidOperationException>(() =>
            new SchemaBuilder(bounds, withDefaults: true).Property(spec, "spec", new RunSpec())
        );

        Assert.Contains("spec.training.maxSteps", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fields_are_preserved_where_raw_json_is_carried_and_nowhere_else()
    {
        var preserved = SchemaTree
            .Fields.Where(f => f.Node.ContainsKey("x-kubernetes-preserve-unknown-fields"))
            .Select(f => f.Path);

        string[] raw =
        [
            "imagePullSecrets[]",
            "tolerations[]",
            "affinity",
            "topologySpreadConstraints[]",
            "resourceClaims[]",
            "volumes[]",
            "volumeMounts[]",
            "env[]",
            "securityContext",
        ];
        Assert.Equal(
            [
                .. raw.Select(name => "spec.workers.template." + name),
                .. raw.Select(name => "spec.stages.*.template." + name),
            ],
            preserved
        );
    }

    [Fact]
    public void A_default_inside_an_object_is_reached_from_the_spec_and_fits_its_own_field()
    {
        foreach (var (path, node) in SchemaTree.Fields.Where(f => f.Node["default"] is not null))
        {
            Assert.True(SchemaChecker.Check(node, node["default"]!.DeepClone(), path).Count == 0, path);
            Assert.True(node["required"] is null, path + " has a default, and requires a field that it leaves out");
        }
    }

    [Fact]
    public void Only_the_source_of_the_corpus_must_be_given_and_HumanEval_s_problems_where_it_is_asked_for()
    {
        var required = SchemaTree
            .Fields.Prepend(("", SchemaTree.Root))
            .Where(f => f.Item2["required"] is not null && !f.Item1.StartsWith("status", StringComparison.Ordinal))
            .Where(f => !f.Item1.Contains(".template.", StringComparison.Ordinal))
            .SelectMany(f => ((JsonArray)f.Item2["required"]!).Select(n => $"{f.Item1}.{n}".TrimStart('.')));

        Assert.Equal(
            [
                "spec",
                "spec.corpus",
                "spec.corpus.source",
                "spec.corpus.source.uri",
                "spec.evaluation.humanEval.problems",
            ],
            required
        );
    }

    [Theory]
    [InlineData("spec.workers.template.env", "name")]
    [InlineData("spec.stages.*.template.volumeMounts", "mountPath")]
    public void Items_that_are_carried_unread_show_what_tells_them_apart(string path, string key)
    {
        var items = SchemaPath.Find(SchemaTree.Root, path + "[]")!;

        Assert.Equal([key], ((JsonArray)items["required"]!).Select(n => (string)n!));
        Assert.Equal([key], ((JsonObject)items["properties"]!).Select(p => p.Key));
    }

    [Theory]
    [InlineData("spec.training.seed", "Identity.")]
    [InlineData("spec.training.learningRate", "Recipe.")]
    [InlineData("spec.corpus.workers", "Recipe.")]
    [InlineData("spec.model.layers", "Identity.")]
    [InlineData("spec.suspend", "Control.")]
    [InlineData("spec.scheduling.queue", "Control.")]
    public void Descriptions_say_when_an_edit_acts(string path, string word)
    {
        var description = (string)SchemaPath.Find(SchemaTree.Root, path)!["description"]!;

        Assert.EndsWith(word, description, StringComparison.Ordinal);
    }

    [Fact]
    public void Enums_say_what_each_value_means()
    {
        var description = (string)SchemaPath.Find(SchemaTree.Root, "spec.training.schedule.kind")!["description"]!;

        Assert.Contains("\nLinear: A straight line down to 0 at the last step.", description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_of_the_types_names_the_same_class()
    {
        var marked = Marked(typeof(RunSpec), "spec").ToList();

        Assert.Contains(("spec.training.seed", "Identity"), marked);
        foreach (var (path, name) in marked)
        {
            // An object with an exception below it, as the store is with its credentials, has no class as a whole.
            Assert.True(FieldClasses.Of(path) is not { } own || own.ToString() == name, $"{path} is no {name}");
        }
    }

    private static IEnumerable<(string Path, string Class)> Marked(Type type, string path)
    {
        var descriptions = new Descriptions();
        foreach (var property in type.GetProperties())
        {
            var field = $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}";
            var last = descriptions.Of(property).Split(' ')[^1].TrimEnd('.');
            if (Enum.GetNames<FieldClass>().Contains(last))
            {
                yield return (field, last);
            }

            foreach (var below in property.PropertyType.Namespace == type.Namespace ? Below(property, field) : [])
            {
                yield return below;
            }
        }
    }

    private static IEnumerable<(string Path, string Class)> Below(PropertyInfo property, string field) =>
        property.PropertyType.IsEnum ? [] : Marked(property.PropertyType, field);
}
