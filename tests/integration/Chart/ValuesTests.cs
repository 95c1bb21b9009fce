using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>Values that the chart takes, and those that it refuses, with the field.</summary>
public sealed class ValuesTests
{
    private const string Refused = "# refused: ";
    private const string Fails = "# fails: ";

    private static readonly string Bad = Path.Combine(ValuesTable.Folder, "bad");

    public static TheoryData<string> Good => ValuesTable.Names;

    public static TheoryData<string> Wrong =>
        [.. Directory.GetFiles(Bad, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Good_values_are_good_by_the_schema(string name)
    {
        var values = await Helm.ValuesAsync(ValuesTable.Of(name));

        Assert.Empty(ValuesSchema.Mistakes(values));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Bad_values_are_refused_with_their_field(string name)
    {
        var values = new ChartValues { File = Path.Combine(Bad, name + ".yaml") };
        var expected = File.ReadLines(values.File).First();

        var mistakes = ValuesSchema.Mistakes(await Helm.ValuesAsync(values));

        if (expected.StartsWith(Refused, StringComparison.Ordinal))
        {
            var words = expected[Refused.Length..].Split(' ');
            Assert.Contains(mistakes, m => m.Split(':')[0] == words[0] && words.Skip(1).All(m.Contains));
            return;
        }

        // What a schema cannot say, the templates do: of all mistakes, and nothing is rendered.
        Assert.StartsWith(Fails, expected, StringComparison.Ordinal);
        Assert.Empty(mistakes);
        var rendered = await Helm.TryRenderAsync(values);
        Assert.NotEqual(0, rendered.ExitCode);
        Assert.Empty(rendered.Output);
        Assert.All(
            expected[Fails.Length..].Split(", "),
            field => Assert.Contains($"\n{field}: ", rendered.Errors, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_schema_has_the_keys_of_the_values_and_no_others()
    {
        var values = Keys(await Helm.ValuesAsync(new ChartValues()), "").ToList();
        var schema = Properties(ValuesSchema.Json, "").ToList();

        Assert.Empty(values.Except(schema));
        // What is empty by default, and has fields when it is given; and helm's own.
        string[] open = ["global", "test.store.", "test.resources.", "operator.affinity."];
        Assert.Empty(schema.Except(values).Where(k => !open.Any(o => k.StartsWith(o, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_schema_leaves_no_object_open_but_Kubernetes_own()
    {
        var open = Nodes(ValuesSchema.Json)
            .Where(n => (n["type"] as JsonValue)?.ToString() == "object")
            .Where(n => n["$comment"] is null && $"{n["additionalProperties"] ?? "true"}" == "true")
            .Select(n => n.GetPath());

        Assert.Empty(open);
    }

    private static IEnumerable<string> Keys(JsonObject values, string prefix) =>
        values.SelectMany(v =>
            Keys((v.Value as JsonObject) ?? [], $"{prefix}{v.Key}.").Prepend(prefix + v.Key).Where(k => !IsFree(k))
        );

    // Maps whose keys are the user's.
    private static bool IsFree(string key) =>
        key.Contains("labels.", StringComparison.Ordinal)
        || key.Contains("requests.", StringComparison.Ordinal)
        || key.Contains("limits.", StringComparison.Ordinal);

    private static IEnumerable<string> Properties(JsonObject schema, string prefix) =>
        (schema["properties"] as JsonObject ?? []).SelectMany(p =>
            Properties(p.Value!.AsObject(), $"{prefix}{p.Key}.").Prepend(prefix + p.Key)
        );

    private static IEnumerable<JsonObject> Nodes(JsonNode? node) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(f => Nodes(f.Value)).Prepend(fields),
            JsonArray items => items.SelectMany(Nodes),
            _ => [],
        };
}
