using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>Where a case plays: a server, a namespace of its own, and the outcomes so far.</summary>
/// <param name="server">The server under test.</param>
/// <param name="ns">An empty namespace that exists.</param>
/// <param name="time">The server's clock, or one that runs as fast.</param>
public sealed class ConformanceScope(IApiServer server, string ns, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _outcomes = [];

    /// <summary>Gets the server.</summary>
    public IApiServer Server { get; } = server;

    /// <summary>Gets the namespace.</summary>
    public string Namespace { get; } = ns;

    /// <summary>Gets what happened, in order.</summary>
    public IReadOnlyList<string> Outcomes => _outcomes;

    /// <summary>Notes one outcome.</summary>
    public void Note(string what, object? value) => _outcomes.Add($"{what}: {value ?? "none"}");

    /// <summary>Notes a request's outcome: <c>ok</c>, or status and reason of a refusal.</summary>
    /// <returns>The answer; an empty object after a refusal.</returns>
    public async Task<JsonObject> TryAsync(string what, Func<Task<JsonObject>> request)
    {
        try
        {
            var answer = await request();
            Note(what, "ok");
            return answer;
        }
        catch (ApiServerException e)
        {
            Note(what, $"{(int)e.Status} {e.Reason}");
            return [];
        }
    }

    /// <summary>Notes the outcome of a deletion.</summary>
    public Task DeleteAsync(
        string what,
        ResourceType type,
        string name,
        string uid = "",
        double? graceSeconds = null
    ) =>
        TryAsync(
            what,
            async () =>
            {
                var grace = graceSeconds is { } g ? TimeSpan.FromSeconds(g) : (TimeSpan?)null;
                await Server.DeleteAsync(type, Namespace, name, uid, grace, CancellationToken.None);
                return [];
            }
        );

    /// <summary>Creates an object that must be accepted.</summary>
    public Task<JsonObject> CreateAsync(ResourceType type, JsonObject body) =>
        Server.CreateAsync(type, body, CancellationToken.None);

    /// <summary>Replaces an object, or its status, and notes the outcome.</summary>
    public Task<JsonObject> ReplaceAsync(string what, ResourceType type, JsonObject body, string subresource = "") =>
        TryAsync(what, () => Server.ReplaceAsync(type, body, subresource, CancellationToken.None));

    /// <summary>Patches an object and notes the outcome.</summary>
    public Task<JsonObject> PatchAsync(string what, ResourceType type, string name, string patch) =>
        TryAsync(
            what,
            () => Server.PatchAsync(type, Namespace, name, JsonNode.Parse(patch)!.AsObject(), CancellationToken.None)
        );

    /// <summary>Reads an object; null where there is none.</summary>
    public Task<JsonObject?> GetAsync(ResourceType type, string name) =>
        Server.GetAsync(type, Namespace, name, CancellationToken.None);

    /// <summary>Waits until an object is gone, and notes whether it went.</summary>
    public async Task NoteGoneAsync(string what, ResourceType type, string name)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromSeconds(1))
        {
            if (await GetAsync(type, name) is null)
            {
                Note(what, "gone");
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time);
        }

        Note(what, "there");
    }

    /// <summary>All pages of a list, and the version to watch from.</summary>
    public async Task<(List<JsonElement> Items, string Version)> ListAsync(ResourceType type, string labels = "")
    {
        var items = new List<JsonElement>();
        var token = "";
        string version;
        do
        {
            var page = await Server.ListAsync(type, Namespace, labels, token, CancellationToken.None);
            items.AddRange(page.Items.Select(i => i.Clone()));
            (token, version) = (page.Continue, page.ResourceVersion);
        } while (token.Length > 0);
        return (items, version);
    }

    /// <summary>Notes the first events of a watch, by kind, name and the label <c>v</c>.</summary>
    public async Task NoteEventsAsync(ResourceType type, string labels, string version, int count)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await foreach (var told in Server.WatchAsync(type, Namespace, labels, version, limit.Token))
            {
                if (told.Kind == WatchEventKind.Bookmark)
                {
                    continue;
                }

                var metadata = told.Object.GetProperty("metadata");
                var label = metadata.GetProperty("labels").GetProperty("v").GetString();
                Note($"{told.Kind}", $"{metadata.GetProperty("name").GetString()} {label}");
                if (--count == 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Note("watch", "nothing more came");
        }
    }
}
