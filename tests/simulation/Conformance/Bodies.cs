using System.Text.Json.Nodes;

namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>Small objects that every API server accepts.</summary>
internal static class Bodies
{
    public static JsonObject Run(ConformanceScope scope, string name) =>
        Parse(
            $$"""
            {
              "apiVersion": "codeparrot.dev/v1alpha1", "kind": "TrainingRun",
              "metadata": { "namespace": "{{scope.Namespace}}", "name": "{{name}}", "labels": { "v": "1" } },
              "spec": {
                "corpus": { "source": { "uri": "s3://datasets/python" } },
                "model": { "layers": 2, "heads": 2, "width": 64, "contextLength": 64 },
                "training": { "maxSteps": 100 }
              }
            }
            """
        );

    public static JsonObject Pod(ConformanceScope scope, string name, string node = "") =>
        Parse(
            $$"""
            {
              "apiVersion": "v1", "kind": "Pod",
              "metadata": { "namespace": "{{scope.Namespace}}", "name": "{{name}}", "labels": { "v": "1" } },
              "spec": {
                {{(node.Length > 0 ? $"\"nodeName\": \"{node}\"," : "")}}
                "containers": [ { "name": "trainer", "image": "registry.example.com/trainer:1" } ]
              }
            }
            """
        );

    public static JsonObject ConfigMap(ConformanceScope scope, string name, bool immutable = false) =>
        Parse(
            $$"""
            {
              "apiVersion": "v1", "kind": "ConfigMap", "immutable": {{(immutable ? "true" : "false")}},
              "metadata": { "namespace": "{{scope.Namespace}}", "name": "{{name}}", "labels": { "v": "1" } },
              "data": { "a": "1" }
            }
            """
        );

    /// <summary>
    /// A copy of an object with one of its values set; the path names objects that are made as needed.
    /// </summary>
    public static JsonObject With(this JsonObject body, string path, JsonNode? value)
    {
        var copy = body.DeepClone().AsObject();
        var node = copy;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            node = (node[name] as JsonObject) ?? Add(node, name);
        }

        node[names[^1]] = value;
        return copy;
    }

    /// <summary>The value at a path as text; null where there is none.</summary>
    public static string? At(this JsonObject? body, string path)
    {
        JsonNode? node = body;
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }

        return node?.ToString();
    }

    private static JsonObject Add(JsonObject node, string name)
    {
        var child = new JsonObject();
        node[name] = child;
        return child;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
