using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// A bare client: bytes out, an HTTP status back, on one HTTP/2 connection as the operator has it. It is the baseline,
/// and plays the kubelet's and the user's part.
/// </summary>
/// <param name="kubeconfig">Path of a kubeconfig that may do everything.</param>
internal sealed class ClusterApi(string kubeconfig) : IDisposable
{
    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";

    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    /// <summary>Path of a namespace's pods.</summary>
    public static string Pods(string ns) => $"api/v1/namespaces/{ns}/pods";

    /// <summary>Path of a namespace's runs.</summary>
    public static string Runs(string ns) => $"apis/codeparrot.dev/v1alpha1/namespaces/{ns}/trainingruns";

    /// <summary>Creates an object of serialised JSON; the answer's body is dropped.</summary>
    public Task CreateAsync(string path, byte[] body) => SendAsync(HttpMethod.Post, path, body, Json);

    /// <summary>A JSON merge patch.</summary>
    public Task PatchAsync(string path, JsonObject patch) =>
        PatchAsync(path, JsonSerializer.SerializeToUtf8Bytes(patch));

    /// <summary>A serialised JSON merge patch.</summary>
    public Task PatchAsync(string path, byte[] patch) => SendAsync(HttpMethod.Patch, path, patch, MergePatch);

    /// <summary>Deletes an object.</summary>
    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, Json);

    /// <summary>Reads an object; null where there is none.</summary>
    public async Task<JsonObject?> GetAsync(string path)
    {
        using var response = await OpenAsync(HttpMethod.Get, path, null, Json, CancellationToken.None);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        return await JsonSerializer.DeserializeAsync<JsonObject>(stream);
    }

    /// <summary>Makes a namespace that pods can be created in.</summary>
    public async Task CreateNamespaceAsync(string name)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
        await CreateAsync("api/v1/namespaces", JsonSerializer.SerializeToUtf8Bytes(body));
        // Until a controller has made its default account, the server refuses pods.
        await Waiting.UntilAsync(
            async () => await GetAsync($"api/v1/namespaces/{name}/serviceaccounts/default") is not null,
            $"namespace {name} has a service account"
        );
    }

    /// <summary>Events of a collection from its beginning on, until it is cancelled.</summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(
        string path,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var response = await OpenAsync(
            HttpMethod.Get,
            $"{path}?watch=true&timeoutSeconds=86400",
            null,
            Json,
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return JsonElement.Parse(line);
        }

        throw new IOException($"the watch of {path} has ended, and with it the measurement");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpMethod method, string path, byte[]? body, string contentType)
    {
        using var response = await OpenAsync(method, path, body, contentType, CancellationToken.None);
        if (!response.IsSuccessStatusCode)
        {
            var said = await response.Content.ReadAsStringAsync();
            throw new HttpRequestException($"{method} {path}: {said}", null, response.StatusCode);
        }

        await response.Content.CopyToAsync(Stream.Null);
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string path,
        byte[]? body,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path));
        request.Version = HttpVersion.Version20;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        return await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
