using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.Connection;

namespace CodeParrot.Operator.ApiServer;

/// <summary>
/// A real API server. Bodies stay JSON, so that a cache keeps the few fields that it wants instead of typed objects
/// with all of them.
/// </summary>
/// <param name="connection">The connection; the caller disposes it.</param>
/// <param name="time">Clock for time limits.</param>
internal sealed class KubernetesApiServer(ServerConnection connection, TimeProvider time) : IApiServer
{
    /// <summary>
    /// Objects in one page of a list: pods of about 6 KB make a page that the next one soon replaces.
    /// </summary>
    private const int PageSize = 100;

    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(5);

    // Where nothing happens the server sends a bookmark every minute.
    private static readonly TimeSpan WatchSilence = TimeSpan.FromSeconds(150);

    /// <inheritdoc/>
    public async Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    )
    {
        var path = ResourcePaths.WithQuery(
            ResourcePaths.Collection(type, ns),
            ("labelSelector", labelSelector),
            ("limit", PageSize.ToString(CultureInfo.InvariantCulture)),
            ("continue", continueToken)
        );
        return await SendAsync(HttpMethod.Get, path, null, Json, ListReader.ReadAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var path = ResourcePaths.WithQuery(
            ResourcePaths.Collection(type, ns),
            ("labelSelector", labelSelector),
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", resourceVersion),
            ("timeoutSeconds", $"{(int)WatchTimeout.TotalSeconds}")
        );

        // A watch that says nothing is a connection that died without a word, or a server without bookmarks, which
        // does not mind to be asked again.
        using var limit = new CancellationTokenSource(WatchSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var response = await OpenAsync(HttpMethod.Get, path, null, Json, either.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        await foreach (var line in JsonLines.ReadAsync(stream, either.Token))
        {
            limit.CancelAfter(WatchSilence);
            yield return Event(line, path);
        }
    }

    /// <inheritdoc/>
    public async Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var path = ResourcePaths.Object(type, ns, name);
            return await SendAsync<JsonObject>(HttpMethod.Get, path, null, Json, cancellationToken);
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken)
    {
        var path = ResourcePaths.Collection(type, NamespaceOf(body));
        return SendAsync<JsonObject>(HttpMethod.Post, path, body, Json, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    )
    {
        var name = (string?)body["metadata"]?["name"] ?? "";
        var path = ResourcePaths.Object(type, NamespaceOf(body), name, subresource);
        return SendAsync<JsonObject>(HttpMethod.Put, path, body, Json, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    )
    {
        var path = ResourcePaths.Object(type, ns, name);
        return SendAsync<JsonObject>(HttpMethod.Patch, path, mergePatch, MergePatch, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    )
    {
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (uid.Length > 0)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        if (grace is { } seconds)
        {
            options["gracePeriodSeconds"] = (long)Math.Ceiling(seconds.TotalSeconds);
        }

        try
        {
            var path = ResourcePaths.Object(type, ns, name);
            await SendAsync<JsonElement>(HttpMethod.Delete, path, options, Json, cancellationToken);
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // Gone already, which is what was asked for.
        }
    }

    private static string? NamespaceOf(JsonObject body) => (string?)body["metadata"]?["namespace"];

    private static WatchEvent Event(JsonElement line, string path)
    {
        var type = line.GetProperty("type").GetString();
        var kept = line.GetProperty("object");
        return type switch
        {
            "ADDED" => new WatchEvent(WatchEventKind.Added, kept),
            "MODIFIED" => new WatchEvent(WatchEventKind.Modified, kept),
            "DELETED" => new WatchEvent(WatchEventKind.Deleted, kept),
            "BOOKMARK" => new WatchEvent(WatchEventKind.Bookmark, kept),
            "ERROR" => throw ServerErrors.FromStatus(kept, path, HttpStatusCode.InternalServerError),
            _ => throw new IOException($"{path}: an event of the unknown type '{type}'"),
        };
    }

    private Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        JsonObject? body,
        string contentType,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            method,
            path,
            body,
            contentType,
            async (stream, token) =>
                await JsonSerializer.DeserializeAsync<T>(stream, cancellationToken: token)
                ?? throw new IOException($"{method} {path}: the answer is empty"),
            cancellationToken
        );

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        JsonObject? body,
        string contentType,
        Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await OpenAsync(method, path, body, contentType, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            return await read(stream, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{method} {path}: no answer within {RequestTimeout}", e);
        }
        catch (JsonException e)
        {
            throw new IOException($"{method} {path}: the answer is no JSON", e);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(connection.BaseUri, path));
        request.Version = connection.Version;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        await connection.SignAsync(request, cancellationToken);
        var response = await connection.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ServerErrors.ReadAsync(response, $"{method} {path}", cancellationToken);
        }
    }
}
