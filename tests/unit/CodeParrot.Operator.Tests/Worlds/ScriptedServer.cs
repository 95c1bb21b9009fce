using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>Lists what it is given, and then says what it was told to say.</summary>
internal sealed class ScriptedServer(IReadOnlyList<WatchEvent> events) : IApiServer
{
    public IReadOnlyList<System.Text.Json.JsonElement> Items { get; set; } = [];

    public string Version { get; set; } = "1";

    public Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    ) => Task.FromResult(new ListPage(Items, Version, ""));

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var change in events)
        {
            yield return change;
        }

        var never = new TaskCompletionSource();
        await never.Task.WaitAsync(cancellationToken);
    }

    public Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
