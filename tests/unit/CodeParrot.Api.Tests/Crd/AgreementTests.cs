using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// The schema and the manifest's validator say the same. Rules in CEL are not evaluated here: a manifest that only
/// they refuse must be one whose mistake the validator reports where a rule reports it.
/// </summary>
public sealed class AgreementTests
{
    private const int Beyond = 1;

    // Fields that the validator does not look at yet; the schema's bounds are their type's, or what the words say.
    private static readonly string[] Unvalidated =
    [
        "spec.corpus.deduplicate.near.similarity",
        "spec.corpus.deduplicate.near.permutations",
        "spec.model.vocabularySize",
        "spec.training.seed",
        "spec.failurePolicy.rules[].onExitCodes[]",
    ];

    private static readonly Dictionary<string, Quantity> Quantities = new() { ["memory"] = new("1Gi") };

    public static TheoryData<string> Numbers =>
        [
            .. SchemaTree
                .Fields.Where(f => f.Path.StartsWith("spec.", StringComparison.Ordinal))
                .Where(f => SchemaTree.Type(f.Node) is "integer" or "number")
                .Select(f => f.Path),
        ];

    [Theory]
    [MemberData(nameof(JudgedManifests.GoodFields), MemberType = typeof(JudgedManifests))]
    public void Both_take_a_good_manifest(string path, string json)
    {
        var manifest = Manifests.With((path, JsonNode.Parse(json)));

        Assert.Empty(Manifests.Mistakes(manifest));
        Assert.Empty(SchemaChecker.Check(SchemaTree.Root, manifest));
    }

    [Theory]
    [MemberData(nameof(JudgedManifests.RefusedByBounds), MemberType = typeof(JudgedManifests))]
    public void Both_refuse_a_value_out_of_bounds_at_its_field(string path, string json)
    {
        var manifest = Manifests.With((path, JsonNode.Parse(json)));

        Assert.Contains(Manifests.Mistakes(manifest), m => m.Path == path);
        Assert.Contains(path, SchemaChecker.Check(SchemaTree.Root, manifest));
    }

    [Theory]
    [MemberData(nameof(JudgedManifests.RefusedByRules), MemberType = typeof(JudgedManifests))]
    public void What_bounds_cannot_say_a_rule_says_where_the_validator_does(string path, string json, string blamed)
    {
        var manifest = Manifests.With((path, JsonNode.Parse(json)));

        // A feature that is still to come is refused as a whole.
        var mistake = Assert.Single(Manifests.AllMistakes(manifest));
        Assert.Empty(SchemaChecker.Check(SchemaTree.Root, manifest));
        Assert.StartsWith(
            blamed,
            mistake
                .Path.Replace("[0]", "[]", StringComparison.Ordinal)
                .Replace(".stages.publish.", ".stages.*.", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains(SpecRules.All, r => r.Blamed == blamed);
    }

    [Theory]
    [MemberData(nameof(JudgedManifests.Stricter), MemberType = typeof(JudgedManifests))]
    public void The_schema_is_stricter_in_these_places(string path, string json)
    {
        var manifest = Manifests.With((path, JsonNode.Parse(json)));

        Assert.Empty(Manifests.Mistakes(manifest));
        Assert.NotEmpty(SchemaChecker.Check(SchemaTree.Root, manifest));
    }

    [Fact]
    public void Every_rule_refuses_a_manifest_of_the_table()
    {
        var blamed = JudgedManifests.RefusedByRules.Select(row => row.Data.Item3).ToHashSet();

        Assert.Empty(SpecRules.All.Select(r => r.Blamed).Where(b => !blamed.Contains(b)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Both_end_a_number_at_the_same_place(string path)
    {
        var node = SchemaPath.Find(SchemaTree.Root, path)!;
        var minimum = SchemaTree.Number(node["minimum"])!.Value;
        var maximum = SchemaTree.Number(node["maximum"]);
        var whole = SchemaTree.Type(node) == "integer";

        Judge(path, whole, minimum, taken: node["exclusiveMinimum"] is null);
        Judge(path, whole, whole ? minimum - Beyond : Math.BitDecrement(minimum), taken: false);
        if (maximum is { } most)
        {
            Judge(path, whole, most, taken: node["exclusiveMaximum"] is null);
            Judge(path, whole, whole ? most + Beyond : Math.BitIncrement(most), taken: false);
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_records()
    {
        var manifest = Manifests.Good();
        var expected = ManifestReader.Read(manifest.ToJsonString(), "run.json").Spec;

        Assert.Empty(SchemaChecker.Check(SchemaTree.Root, manifest));

        var defaulted = manifest["spec"].Deserialize<RunSpec>(ApiJson.Compact)!;
        Assert.Equal(Text(expected), Text(defaulted));
        Assert.Equal(150000, (int)manifest["spec"]!["training"]!["maxSteps"]!);
        Assert.Equal("10m", (string)manifest["spec"]!["workers"]!["rendezvousTimeout"]!);
    }

    [Fact]
    public void A_spec_as_the_operator_writes_it_has_no_field_that_the_server_would_prune()
    {
        var spec = new RunSpec
        {
            Corpus = new CorpusSpec { Source = new CorpusSourceSpec { Uri = "s3://a/b" } },
            Tokenizer = new TokenizerSpec { Train = new TokenizerTrainSpec() },
            Evaluation = new EvaluationSpec
            {
                HumanEval = new HumanEvalSpec { Problems = "s3://a/b" },
                Prompts = ["def "],
            },
            Rollback = new RollbackSpec { ToStep = 5 },
            TtlAfterFinished = TimeSpan.FromDays(2),
            FailurePolicy = new FailurePolicySpec { Rules = [new FailureRuleSpec { OnExitCodes = [1] }] },
            Workers = new WorkersSpec
            {
                MinCount = 1,
                Threads = 2,
                Resources = new ResourcesSpec { Limits = Quantities, Requests = Quantities },
                Template = new PodTemplateSpec
                {
                    ImagePullPolicy = ImagePullPolicy.Always,
                    Env = [new JsonObject { ["name"] = "A", ["value"] = "b" }],
                    Affinity = [],
                    SecurityContext = new JsonObject { ["fsGroup"] = 5 },
                },
            },
        };

        var manifest = Manifests.With(("spec", JsonSerializer.SerializeToNode(spec, ApiJson.Compact)));

        Assert.Empty(SchemaChecker.Check(SchemaTree.Root, manifest));
    }

    private static void Judge(string path, bool whole, double value, bool taken)
    {
        var number = whole ? JsonValue.Create((long)value) : JsonValue.Create(value);
        var manifest = Manifests.With([.. Room(path), (path, number)]);
        var at = path.Replace("[]", "[0]", StringComparison.Ordinal);

        var bySchema = !SchemaChecker.Check(SchemaTree.Root, manifest).Contains(at);
        var byValidator = Manifests.Mistakes(manifest).All(m => m.Path != at);

        Assert.True(bySchema == taken, $"{path} = {value}: the schema says {bySchema}");
        if (!Unvalidated.Contains(path) && Math.Abs(value) <= FieldBounds.MaxExact)
        {
            Assert.True(byValidator == taken, $"{path} = {value}: the validator says {byValidator}");
        }
    }

    // Values of other fields under which a number can reach both ends of its own range.
    private static (string, JsonNode?)[] Room(string path) =>
        path switch
        {
            "spec.corpus.filters.maxBytes" => [("spec.corpus.filters.minBytes", 0)],
            "spec.model.heads" => [("spec.model.width", int.MaxValue)],
            "spec.training.schedule.warmupSteps" => [("spec.training.maxSteps", int.MaxValue)],
            "spec.workers.minCount" => [("spec.workers.count", int.MaxValue), ("spec.failurePolicy.recovery", "Peers")],
            "spec.workers.gpusPerPod" => [("spec.workers.count", int.MaxValue)],
            _ => [],
        };

    private static string Text(RunSpec spec) => JsonSerializer.Serialize(spec, ApiJson.Indented);
}
