namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>What must not be there once a run is gone.</summary>
internal static class Leftovers
{
    private static readonly (string Prefix, string Plural)[] _types =
    [
        ("api/v1", "pods"),
        ("api/v1", "services"),
        ("api/v1", "configmaps"),
        ("api/v1", "secrets"),
        ("apis/networking.k8s.io/v1", "networkpolicies"),
    ];

    /// <summary>Types of objects that are looked for.</summary>
    public static IEnumerable<string> Types => _types.Select(t => t.Plural);

    /// <summary>Objects that carry the run's label now, as <c>pods/name</c>.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(TestRun run)
    {
        var found = new List<string>();
        foreach (var (prefix, plural) in _types)
        {
            var objects = await run.ObjectsAsync(prefix, plural);
            found.AddRange(objects.Select(o => $"{plural}/{o["metadata"]!["name"]}"));
        }

        return found;
    }

    /// <summary>Waits until nothing carries the run's label.</summary>
    public static async Task UntilNoneAsync(TestRun run)
    {
        IReadOnlyList<string> left = [];
        await run.UntilIsAsync(
            async () => (left = await OfAsync(run)).Count == 0,
            () => $"without {string.Join(' ', left)}"
        );
    }
}
