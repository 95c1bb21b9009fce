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

    /// <summary>Waits until nothing carries the run's label.</summary>
    public static Task UntilNoneAsync(TestRun run) =>
        run.UntilIsAsync(
            async () =>
            {
                foreach (var (prefix, plural) in _types)
                {
                    if ((await run.ObjectsAsync(prefix, plural)).Count > 0)
                    {
                        return false;
                    }
                }

                return true;
            },
            "without objects that it left behind"
        );
}
