using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>An API server's answers as they are, without the types of a client in between.</summary>
/// <param name="client">Says who asks, and whom.</param>
public sealed class JsonApi(Kubernetes client)
{
    private const string Json = "application/json";

    /// <summary>The path of a namespace's runs, of one of them, or of a subresource.</summary>
    public static string Runs(string @namespace, string name = "", string subresource = "") =>
        $"apis/codeparrot.dev/v1alpha1/namespaces/{@namespace}/trainingruns/{name}/{subresource}".TrimEnd('/');

    public Task<ApiAnswer> GetAsync(string path, string accept = Json) =>
        SendAsync(HttpMethod.Get, path, null, Json, accept);

    public Task<ApiAnswer> CreateAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString());

    /// <summary>Creates from a manifest's text, as <c>kubectl create -f</c> does.</summary>
    public Task<ApiAnswer> CreateFromYamlAsync(string path, string text) =>
        SendAsync(HttpMethod.Post, path, text, "application/yaml");

    public Task<ApiAnswer> ReplaceAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Put, path, body.ToJsonString());

    /// <summary>A JSON merge patch.</summary>
    public Task<ApiAnswer> PatchAsync(string path, JsonNode patch) =>
        SendAsync(HttpMethod.Patch, path, patch.ToJsonString(), "application/merge-patch+json");

    /// <summary>A server-side apply; the path says by whom.</summary>
    public Task<ApiAnswer> ApplyAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Patch, path, body.ToJsonString(), "application/apply-patch+yaml");

    public Task<ApiAnswer> DeleteAsync(string path, JsonNode? options = null) =>
        SendAsync(HttpMethod.Delete, path, options?.ToJsonString());

    /// <summary>Asks until the object is gone; fails where it never goes.</summary>
    public Task WaitForAbsenceAsync(string path) =>
        Patience.UntilAsync(
            async () => (await GetAsync(path)).Code == HttpStatusCode.NotFound,
            $"{path} is there, two minutes later"
        );

    private async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string type = Json,
        string accept = Json
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, TestContext.Current.CancellationToken);
        }

        using var answer = await client.HttpClient.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var tree = text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text };
        return new ApiAnswer(answer.StatusCode, tree);
    }
}
