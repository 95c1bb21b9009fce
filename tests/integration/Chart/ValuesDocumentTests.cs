using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The table of values in docs/operating.md is the chart's, both ways.</summary>
public sealed partial class ValuesDocumentTests
{
    // Maps whose keys are the user's, and so stand in one row.
    private static readonly string[] Free = ["labels", "requests", "limits"];

    [Fact]
    public async Task The_table_of_values_has_each_with_its_default()
    {
        var document = await File.ReadAllTextAsync(
            Path.Combine(Programs.Root, "docs", "operating.md"),
            TestContext.Current.CancellationToken
        );
        var rows = Row()
            .Matches(Section().Match(document).Value)
            .Select(m => $"{m.Groups[1].Value} = {m.Groups[2].Value}")
            .ToList();

        var values = Leaves(await Helm.ValuesAsync(new ChartValues()), "").ToList();

        Assert.NotEmpty(rows);
        Assert.Empty(values.Except(rows));
        Assert.Empty(rows.Except(values));
        Assert.Equal(rows.Count, rows.Distinct().Count());
    }

    private static IEnumerable<string> Leaves(JsonObject values, string prefix) =>
        values.SelectMany(v =>
            v.Value is JsonObject { Count: > 0 } inner && !Free.Contains(v.Key)
                ? Leaves(inner, $"{prefix}{v.Key}.")
                : [$"{prefix}{v.Key} = {Text(v.Value)}"]
        );

    private static string Text(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var known)
            ? known.Length > 0
                ? known
                : "\"\""
            : value!.ToJsonString();

    // Other tables of the page are of other things.
    [GeneratedRegex(@"^## Values\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| `([a-zA-Z.]+)` \| `(.*?)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
