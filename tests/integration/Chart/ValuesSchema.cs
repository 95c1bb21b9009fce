using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The chart's values.schema.json, judged by a validator that is not helm's own.</summary>
internal static class ValuesSchema
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Helm.Chart, "values.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);

    /// <summary>The schema as it stands there.</summary>
    public static JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>Every mistake in values, as <c>/place: what is wrong</c>.</summary>
    public static IReadOnlyList<string> Mistakes(JsonObject values)
    {
        var judged = Schema.Evaluate(
            JsonSerializer.SerializeToElement(values),
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        // Within values that are good, a condition may not hold all the same.
        if (judged.IsValid)
        {
            return [];
        }

        return
        [
            .. (judged.Details ?? [])
                .Append(judged)
                .Where(d => !d.IsValid)
                .SelectMany(d =>
                    (d.Errors ?? new Dictionary<string, string>()).Select(e => (d.InstanceLocation, e.Value))
                )
                .Select(e => $"{e.InstanceLocation}: {e.Value}"),
        ];
    }
}
