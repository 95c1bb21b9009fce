using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;
using CodeParrot.Contract.Manifest;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>The cluster knows TrainingRun, with all fields that this program knows.</summary>
internal sealed class DefinitionCheck : IDoctorCheck
{
    private const string Definition = "trainingruns.codeparrot.dev";
    private const string Apply = "kubectl apply -f charts/codeparrot/files/trainingruns.codeparrot.dev.yaml";
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public string Name => "TrainingRun";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        V1CustomResourceDefinition found;
        try
        {
            found = await patient.Client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(
                Definition,
                cancellationToken: cancellationToken
            );
        }
        catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
        {
            return
            [
                new Finding(
                    Name,
                    FindingLevel.Failed,
                    "the cluster does not know it",
                    $"install the chart, or {Apply}"
                ),
            ];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return [Finding.Skipped(Name, "you may not look at definitions")];
        }

        return [Judge(JsonNode.Parse(KubernetesJson.Serialize(found))!.AsObject(), Ours())];
    }

    /// <summary>Compares a cluster's definition with this program's.</summary>
    public static Finding Judge(JsonObject theirs, JsonObject ours)
    {
        const string Check = "TrainingRun";
        var version = RunManifest.CurrentApiVersion.Split('/')[1];
        if (Schema(theirs, version) is not { } schema)
        {
            return new Finding(Check, FindingLevel.Failed, $"{version} is not served", Apply);
        }

        var established = theirs["status"]
            ?["conditions"]?.AsArray()
            .Any(c => (string?)c!["type"] == "Established" && (string?)c["status"] == "True");
        if (established != true)
        {
            return new Finding(
                Check,
                FindingLevel.Failed,
                "the definition is not established",
                $"kubectl describe crd {Definition}"
            );
        }

        var known = Fields(schema, "").ToHashSet();
        var missing = Fields(Schema(ours, version)!, "").Where(f => !known.Contains(f)).ToList();
        var named = string.Join(", ", missing.Take(MostNamed)) + (missing.Count > MostNamed ? ", …" : "");
        return missing.Count == 0
            ? Finding.Ok(Check, $"{version} with all fields of this version")
            : new Finding(
                Check,
                FindingLevel.Warning,
                $"the definition lacks {missing.Count} fields of this version: {named}",
                Apply
            );
    }

    private static JsonObject Ours()
    {
        var text = new StringWriter();
        CrdFile.Write(text);
        var definition = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(text.ToString());
        return JsonNode.Parse(KubernetesJson.Serialize(definition))!.AsObject();
    }

    private static JsonObject? Schema(JsonObject definition, string version) =>
        definition["spec"]!["versions"]!
            .AsArray()
            .FirstOrDefault(v => (string?)v!["name"] == version && (bool?)v["served"] == true)
            ?["schema"]?["openAPIV3Schema"]?.AsObject();

    private static IEnumerable<string> Fields(JsonObject schema, string path)
    {
        foreach (var (name, child) in schema["properties"]?.AsObject() ?? [])
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            yield return field;
            foreach (var below in Fields(child!.AsObject(), field))
            {
                yield return below;
            }
        }

        if (schema["items"] is JsonObject items)
        {
            foreach (var below in Fields(items, path + "[]"))
            {
                yield return below;
            }
        }
    }
}
