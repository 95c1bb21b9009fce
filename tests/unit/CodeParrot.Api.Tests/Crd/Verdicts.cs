using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// The verdicts of a Kubernetes API server on the table, as <c>make test-cel</c> wrote them:
/// <c>tests/cluster/cel/verdicts.jsonl</c>. The first line says what was judged by whom.
/// </summary>
internal static partial class Verdicts
{
    private static readonly List<JsonObject> Lines =
    [
        .. File.ReadLines(Path.Combine(RepositoryFolder.Cel, "verdicts.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject()),
    ];

    /// <summary>SHA-256 of the definition that was judged by, hex.</summary>
    public static string Crd => (string)Lines[0]["crd"]!;

    /// <summary>SHA-256 of the table, hex.</summary>
    public static string Manifests => (string)Lines[0]["manifests"]!;

    /// <summary>Version of the server.</summary>
    public static string Server => (string)Lines[0]["server"]!;

    /// <summary>One verdict a row, in the table's order.</summary>
    public static IReadOnlyList<Verdict> All { get; } =
    [
        .. JudgedManifests.All.Zip(
            Lines.Skip(1),
            (row, line) =>
                new Verdict(row)
                {
                    Created = Fields(line, "created"),
                    KeptStatus = Fields(line, "keptStatus"),
                    KeptFinalizer = Fields(line, "keptFinalizer"),
                    Edited = Fields(line, "edited"),
                    PutBack = Fields(line, "putBack"),
                    EditedEarly = Fields(line, "editedEarly"),
                }
        ),
    ];

    /// <summary>SHA-256 of a file, hex.</summary>
    public static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string[]? Fields(JsonObject line, string verdict) =>
        line[verdict] is JsonArray fields ? [.. fields.Select(f => MapKey().Replace((string)f!, ".$1"))] : null;

    // The server writes a map's key as an index, we as a name.
    [GeneratedRegex(@"\[([a-z][^\]]*)\]")]
    private static partial Regex MapKey();
}
