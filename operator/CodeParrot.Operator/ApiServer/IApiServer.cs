using System.Text.Json.Nodes;

namespace CodeParrot.Operator.ApiServer;

/// <summary>
/// The part of a Kubernetes API server that the operator uses, in JSON: a real server through KubernetesClient, or a
/// simulated one. Every method may throw <see cref="ApiServerException"/>, or <see cref="HttpRequestException"/> and
/// <see cref="IOException"/> where no answer came; a write without an answer may have been carried out.
/// </summary>
public interface IApiServer
{
    /// <summary>One page of a list.</summary>
    /// <param name="type">What to list.</param>
    /// <param name="ns">Namespace; null for all.</param>
    /// <param name="labelSelector">As in <c>a=b,c</c>; empty for all.</param>
    /// <param name="continueToken">Where the page before ended; empty for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Events after a resource version, bookmarks included, until the server ends the watch (it does, every few
    /// minutes) or the token is cancelled.
    /// </summary>
    /// <exception cref="ApiServerException">410 Gone: the version is too old, list again.</exception>
    IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        CancellationToken cancellationToken
    );

    /// <summary>One object, or null where there is none.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="ns">Its namespace; null for cluster-wide types.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<JsonObject?> GetAsync(ResourceType type, string? ns, string name, CancellationToken cancellationToken);

    /// <summary>Creates an object; its namespace and name stand in its metadata.</summary>
    /// <returns>The object as the server keeps it.</returns>
    Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces an object, or a subresource of it. A resource version in the body's metadata must be the current one.
    /// </summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">The whole object.</param>
    /// <param name="subresource">As in <c>status</c>; empty for the object itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Changes an object by a JSON merge patch (RFC 7386); a resource version in it must be the current one.
    /// </summary>
    Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    );

    /// <summary>Asks for an object's deletion; an object that is gone already is no error.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">UID that it must have; empty for any.</param>
    /// <param name="grace">Time before SIGKILL, for pods; null for the object's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApiServerException">409 Conflict: it has another UID.</exception>
    Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    );
}
