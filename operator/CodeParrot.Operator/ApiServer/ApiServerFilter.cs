using System.Text.Json.Nodes;

namespace CodeParrot.Operator.ApiServer;

/// <summary>An API server in front of another one, through which every request passes.</summary>
/// <param name="inner">The server behind it.</param>
internal abstract class ApiServerFilter(IApiServer inner) : IApiServer
{
    /// <inheritdoc/>
    public Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            ApiVerb.List,
            type,
            () => inner.ListAsync(type, ns, labelSelector, continueToken, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        CancellationToken cancellationToken
    ) =>
        PassWatchAsync(
            type,
            inner.WatchAsync(type, ns, labelSelector, resourceVersion, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    ) => PassAsync(ApiVerb.Get, type, () => inner.GetAsync(type, ns, name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken) =>
        PassAsync(ApiVerb.Create, type, () => inner.CreateAsync(type, body, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            ApiVerb.Replace,
            type,
            () => inner.ReplaceAsync(type, body, subresource, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            ApiVerb.Patch,
            type,
            () => inner.PatchAsync(type, ns, name, mergePatch, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            ApiVerb.Delete,
            type,
            async () =>
            {
                await inner.DeleteAsync(type, ns, name, uid, grace, cancellationToken);
                return true;
            },
            cancellationToken
        );

    /// <summary>One request and its answer.</summary>
    protected abstract Task<T> PassAsync<T>(
        ApiVerb verb,
        ResourceType type,
        Func<Task<T>> send,
        CancellationToken cancellationToken
    );

    /// <summary>A watch; passes it on as it is unless a filter has more to do.</summary>
    protected virtual IAsyncEnumerable<WatchEvent> PassWatchAsync(
        ResourceType type,
        IAsyncEnumerable<WatchEvent> events,
        CancellationToken cancellationToken
    ) => events;
}
