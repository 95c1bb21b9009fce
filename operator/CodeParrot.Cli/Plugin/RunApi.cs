using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin;

/// <summary>TrainingRuns at an API server.</summary>
/// <param name="client">The client.</param>
internal sealed class RunApi(IKubernetes client)
{
    private const string Plural = "trainingruns";

    // Fields that a user applies belong to this name, and go when the manifest does not hold them any more.
    private const string FieldManager = "kubectl-codeparrot";

    private static readonly string Group = RunManifest.CurrentApiVersion.Split('/')[0];
    private static readonly string Version = RunManifest.CurrentApiVersion.Split('/')[1];

    /// <summary>Runs of a namespace, or of all where it is null, by name.</summary>
    public async Task<IReadOnlyList<TrainingRun>> ListAsync(string? space, CancellationToken cancellationToken)
    {
        var custom = client.CustomObjects;
        var answer = space is null
            ? await custom.ListClusterCustomObjectAsync(Group, Version, Plural, cancellationToken: cancellationToken)
            : await custom.ListNamespacedCustomObjectAsync(
                Group,
                Version,
                space,
                Plural,
                cancellationToken: cancellationToken
            );
        return
        [
            .. ((JsonElement)answer)
                .GetProperty("items")
                .EnumerateArray()
                .Select(Read)
                .OrderBy(r => $"{r.Metadata.Namespace}/{r.Metadata.Name}", StringComparer.Ordinal),
        ];
    }

    /// <summary>One run; null for none.</summary>
    public async Task<TrainingRun?> GetAsync(string space, string name, CancellationToken cancellationToken)
    {
        try
        {
            return Read(
                await client.CustomObjects.GetNamespacedCustomObjectAsync(
                    Group,
                    Version,
                    space,
                    Plural,
                    name,
                    cancellationToken
                )
            );
        }
        catch (HttpOperationException e)
            when (ServerAnswers.IsMissing(e) && ServerAnswers.MessageOf(e).Contains('"', StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Changes single fields.</summary>
    public Task<TrainingRun> PatchAsync(
        string space,
        string name,
        JsonObject patch,
        CancellationToken cancellationToken
    ) => SendAsync(space, name, new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), cancellationToken);

    /// <summary>
    /// Makes a run what a manifest says, on the server's side: what others set besides (a rollback, a suspension)
    /// stays.
    /// </summary>
    public Task<TrainingRun> ApplyAsync(
        string space,
        string name,
        JsonObject manifest,
        CancellationToken cancellationToken
    ) => SendAsync(space, name, new V1Patch(manifest.ToJsonString(), V1Patch.PatchType.ApplyPatch), cancellationToken);

    private async Task<TrainingRun> SendAsync(
        string space,
        string name,
        V1Patch patch,
        CancellationToken cancellationToken
    ) =>
        Read(
            await client.CustomObjects.PatchNamespacedCustomObjectAsync(
                patch,
                Group,
                Version,
                space,
                Plural,
                name,
                fieldManager: FieldManager,
                // Whoever types the command has the last word, as with kubectl apply.
                force: patch.Type == V1Patch.PatchType.ApplyPatch ? true : null,
                cancellationToken: cancellationToken
            )
        );

    private static TrainingRun Read(object answer) =>
        ((JsonElement)answer).Deserialize<TrainingRun>(ApiJson.Compact)
        ?? throw new JsonException("the API server answered null for a TrainingRun");

    private static TrainingRun Read(JsonElement item) =>
        item.Deserialize<TrainingRun>(ApiJson.Compact) ?? throw new JsonException("a TrainingRun is null");
}
