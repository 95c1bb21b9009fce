using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// The table of manifests that schema, validator and a Kubernetes API server judge:
/// <c>tests/cluster/cel/manifests.jsonl</c>.
/// </summary>
public static class JudgedManifests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The table's file.</summary>
    public static string File => Path.Combine(RepositoryFolder.Cel, "manifests.jsonl");

    public static IReadOnlyList<JudgedManifest> All { get; } =
    [.. System.IO.File.ReadLines(File).Select(line => JsonSerializer.Deserialize<JudgedManifest>(line, Options)!)];

    public static TheoryData<string, string> GoodFields => Rows(Expectation.Taken);

    public static TheoryData<string, string> RefusedByBounds => Rows(Expectation.OutOfBounds);

    public static TheoryData<string, string, string> RefusedByRules
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var row in All.Where(r => r.Expect == Expectation.RefusedByRule))
            {
                rows.Add(row.Path, row.Value.ToJsonString(), row.Blamed);
            }

            return rows;
        }
    }

    public static TheoryData<string, string> Stricter => Rows(Expectation.Stricter);

    private static TheoryData<string, string> Rows(Expectation expect)
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in All.Where(r => r.Expect == expect))
        {
            rows.Add(row.Path, row.Value.ToJsonString());
        }

        return rows;
    }
}
