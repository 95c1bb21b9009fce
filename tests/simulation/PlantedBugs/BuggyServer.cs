using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Passes everything on; bugs override what they get wrong.</summary>
internal abstract class BuggyServer(IApiServer inner) : IApiServer
{
    protected IApiServer Inner { get; } = inner;

    public virtual Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    ) => Inner.ListAsync(type, ns, labelSelector, continueToken, cancellationToken);

    public virtual IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        CancellationToken cancellationToken
    ) => Inner.WatchAsync(type, ns, labelSelector, resourceVersion, cancellationToken);

    public virtual Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    ) => Inner.GetAsync(type, ns, name, cancellationToken);

    public virtual Task<JsonObject> CreateAsync(
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    ) => Inner.CreateAsync(type, body, cancellationToken);

    public virtual Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    ) => Inner.ReplaceAsync(type, body, subresource, cancellationToken);

    public virtual Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    ) => Inner.PatchAsync(type, ns, name, mergePatch, cancellationToken);

    public virtual Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    ) => Inner.DeleteAsync(type, ns, name, uid, grace, cancellationToken);
}
