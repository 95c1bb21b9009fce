using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>One version of an object; nobody changes its body, the next version has another.</summary>
internal sealed class StoredObject(ObjectKey key, JsonObject body, long version)
{
    private JsonElement? _watched;
    private JsonElement? _listed;

    public ObjectKey Key { get; } = key;

    public JsonObject Body { get; } = body;

    public long Version { get; } = version;

    public string Uid => Body.Text("metadata", "uid");

    public bool IsDeleting => Body.At("metadata", "deletionTimestamp") is not null;

    public IEnumerable<string> Finalizers => Body.Texts("metadata", "finalizers");

    /// <summary>The object as a watch tells it.</summary>
    public JsonElement Watched => _watched ??= JsonSerializer.SerializeToElement(Body);

    /// <summary>
    /// The object as a list holds it: built-in types leave out what the list says already.
    /// </summary>
    public JsonElement Listed => _listed ??= Key.Type == ResourceType.TrainingRuns ? Watched : WithoutType();

    /// <summary>True when labels match a selector such as <c>a=b,c</c>.</summary>
    public bool Matches(string labelSelector) =>
        labelSelector.Length == 0 || Array.TrueForAll(labelSelector.Split(','), MatchesOne);

    /// <summary>This state with a later version, as the last that a watch tells.</summary>
    public JsonElement At(long version)
    {
        var last = (JsonObject)Body.DeepClone();
        last.Child("metadata")["resourceVersion"] = $"{version}";
        return JsonSerializer.SerializeToElement(last);
    }

    private bool MatchesOne(string term)
    {
        var parts = term.Split('=', 2, StringSplitOptions.TrimEntries);
        var value = Body.At("metadata", "labels", parts[0]);
        return parts.Length == 1 ? value is not null : value is not null && value.GetValue<string>() == parts[1];
    }

    private JsonElement WithoutType()
    {
        var item = (JsonObject)Body.DeepClone();
        item.Remove("apiVersion");
        item.Remove("kind");
        return JsonSerializer.SerializeToElement(item);
    }
}
