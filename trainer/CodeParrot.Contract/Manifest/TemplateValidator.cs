using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in what a user adds to pods: names of the operator, and what Kubernetes would refuse.</summary>
internal static class TemplateValidator
{
    private const string Ours = "is set by the operator; leave it out";

    public static void Check(PodTemplateSpec template, string path, MistakeList mistakes)
    {
        CheckMetadata(template.Labels, path + ".labels", mistakes);
        CheckValues(template.Labels, path + ".labels", mistakes);
        CheckMetadata(template.Annotations, path + ".annotations", mistakes);
        CheckKeys(template.NodeSelector.Keys, path + ".nodeSelector", mistakes);
        CheckValues(template.NodeSelector, path + ".nodeSelector", mistakes);
        CheckList(template.ImagePullSecrets, "name", path + ".imagePullSecrets", mistakes, _ => null);
        CheckList(template.ResourceClaims, "name", path + ".resourceClaims", mistakes, _ => null);
        CheckList(template.Volumes, "name", path + ".volumes", mistakes, VolumeMistake);
        CheckList(template.VolumeMounts, "mountPath", path + ".volumeMounts", mistakes, PathMistake);
        CheckList(template.Env, "name", path + ".env", mistakes, VariableMistake);
        for (var i = 0; i < template.VolumeMounts.Count; i++)
        {
            var name = Text(template.VolumeMounts[i], "name");
            mistakes.Check(
                !name.StartsWith(ReservedNames.VolumePrefix, StringComparison.Ordinal),
                $"{path}.volumeMounts[{i}].name",
                $"'{name}' is a volume of the operator; mount a volume of your own"
            );
        }
    }

    /// <summary>Mistakes in resources whose quantities were read.</summary>
    public static void Check(ResourcesSpec resources, string path, MistakeList mistakes)
    {
        CheckKeys(resources.Limits.Keys, path + ".limits", mistakes);
        CheckKeys(resources.Requests.Keys, path + ".requests", mistakes);
        foreach (var (name, request) in resources.Requests)
        {
            if (resources.Limits.TryGetValue(name, out var limit))
            {
                mistakes.Check(
                    request.Value <= limit.Value,
                    $"{path}.requests.{name}",
                    $"must be at most the limit ({limit}), was {request}"
                );
            }
        }
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string> map, string path, MistakeList mistakes)
    {
        CheckKeys(map.Keys, path, mistakes);
        foreach (var key in map.Keys)
        {
            var reserved =
                key.StartsWith(ReservedNames.MetadataPrefix, StringComparison.Ordinal)
                || ReservedNames.Metadata.Contains(key);
            mistakes.Check(!reserved, $"{path}.{key}", Ours);
        }
    }

    private static void CheckValues(IReadOnlyDictionary<string, string> map, string path, MistakeList mistakes)
    {
        foreach (var (key, value) in map)
        {
            mistakes.Check(
                KubernetesNames.IsLabelValue(value),
                $"{path}.{key}",
                $"must be at most 63 letters, digits, '-', '_' or '.', was '{value}'"
            );
        }
    }

    private static void CheckKeys(IEnumerable<string> keys, string path, MistakeList mistakes)
    {
        foreach (var key in keys)
        {
            mistakes.Check(KubernetesNames.IsKey(key), $"{path}.{key}", "must be a name such as example.com/name");
        }
    }

    private static void CheckList(
        IReadOnlyList<JsonObject> list,
        string key,
        string path,
        MistakeList mistakes,
        Func<string, string?> mistake
    )
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var name = Text(list[i], key);
            var found =
                name.Length == 0 ? "must be a text that is not empty"
                : !seen.Add(name) ? $"'{name}' stands here twice; leave one out"
                : mistake(name);
            mistakes.Check(found is null, $"{path}[{i}].{key}", found ?? "");
        }
    }

    private static string? VariableMistake(string name) =>
        name.StartsWith(ReservedNames.EnvironmentPrefix, StringComparison.Ordinal)
        || ReservedNames.Environment.Contains(name)
            ? $"'{name}' {Ours}"
            : null;

    private static string? VolumeMistake(string name) =>
        name.StartsWith(ReservedNames.VolumePrefix, StringComparison.Ordinal)
            ? $"must not begin with {ReservedNames.VolumePrefix}, which the operator's volumes do, was '{name}'"
        : KubernetesNames.IsLabel(name) ? null
        : $"must be 1 to 63 lower-case letters, digits or '-', was '{name}'";

    private static string? PathMistake(string path) =>
        Regex.IsMatch(path, ReservedNames.MountPaths, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)
            ? $"'{path}' belongs to the operator or the system; mount it somewhere else"
            : null;

    private static string Text(JsonObject item, string key) =>
        item[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
}
