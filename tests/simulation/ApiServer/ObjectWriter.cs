using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>What the registry of an API server does to objects before they are stored.</summary>
/// <param name="store">Where they are stored.</param>
/// <param name="now">The server's clock.</param>
internal sealed class ObjectWriter(ObjectStore store, Func<DateTimeOffset> now)
{
    private int _uids;

    public StoredObject Create(ResourceType type, JsonObject body)
    {
        var key = ObjectKey.Of(type, body);
        if (key.Name.Length == 0)
        {
            throw Refusals.Invalid(key, "metadata.name: Required value: name or generateName is required");
        }

        if (store.Find(key) is not null)
        {
            throw Refusals.AlreadyExists(key);
        }

        var created = (JsonObject)body.DeepClone();
        created["apiVersion"] = type.ApiVersion;
        created["kind"] = type.Kind;
        var metadata = created.Child("metadata");
        metadata["uid"] = $"{++_uids:x8}-51a0-4000-8000-000000000000";
        metadata["creationTimestamp"] = JsonReading.Date(now());
        metadata.Remove("deletionTimestamp");
        if (ResourceRules.CountsGenerations(type))
        {
            metadata["generation"] = 1;
        }

        ResourceRules.PrepareForCreate(type, created);
        return store.Put(key, created);
    }

    /// <summary>Replaces an object, or one subresource of it.</summary>
    public StoredObject Replace(ResourceType type, JsonObject body, string subresource)
    {
        var key = ObjectKey.Of(type, body);
        // The body's UID is a precondition, and of an object that is not there it cannot hold.
        var meant = body.Text("metadata", "uid");
        var old =
            store.Find(key)
            ?? throw (
                meant.Length > 0
                    ? Refusals.Conflict(key, $"the UID in the precondition ({meant}) is that of no object")
                    : Refusals.NotFound(key)
            );
        var version = body.Text("metadata", "resourceVersion");
        if (version.Length == 0 && !ResourceRules.AllowsUnconditionalUpdate(type))
        {
            throw Refusals.Invalid(key, "metadata.resourceVersion: must be specified for an update");
        }

        return Update(old, (JsonObject)body.DeepClone(), subresource);
    }

    /// <summary>Applies a merge patch to an object, or to one subresource of it.</summary>
    public StoredObject Patch(ObjectKey key, JsonObject patch, string subresource = "")
    {
        var old = store.Find(key) ?? throw Refusals.NotFound(key);
        var patched = (JsonObject)old.Body.DeepClone();
        MergePatch.Apply(patched, patch);
        return Update(old, patched, subresource);
    }

    /// <summary>Asks for a deletion; what is gone already is no error.</summary>
    public void Delete(ObjectKey key, string uid, TimeSpan? grace, bool foreground = false)
    {
        if (store.Find(key) is not { } old)
        {
            return;
        }

        if (uid.Length > 0 && uid != old.Uid)
        {
            throw Refusals.Conflict(key, $"the UID in the precondition ({uid}) is not that of the object ({old.Uid})");
        }

        var seconds = key.Type == ResourceType.Pods ? PodDeletion.Grace(old.Body, grace) : 0;
        var body = (JsonObject)old.Body.DeepClone();
        var metadata = body.Child("metadata");
        if (foreground && !old.Finalizers.Contains(GarbageCollector.Foreground))
        {
            var finalizers = metadata["finalizers"] as JsonArray ?? [];
            metadata["finalizers"] = finalizers.DeepClone();
            ((JsonArray)metadata["finalizers"]!).Add(GarbageCollector.Foreground);
        }

        if (seconds == 0 && metadata["finalizers"] is not JsonArray { Count: > 0 })
        {
            store.Remove(old);
        }
        else if (!old.IsDeleting || seconds < old.Body.Number("metadata", "deletionGracePeriodSeconds"))
        {
            MarkDeleted(old, body, seconds);
        }
    }

    private void MarkDeleted(StoredObject old, JsonObject body, long seconds)
    {
        var metadata = body.Child("metadata");
        var asked = old.IsDeleting
            ? DateTimeOffset.Parse(old.Body.Text("metadata", "deletionTimestamp"))
                - TimeSpan.FromSeconds(old.Body.Number("metadata", "deletionGracePeriodSeconds") ?? 0)
            : now();
        metadata["deletionTimestamp"] = JsonReading.Date(asked + TimeSpan.FromSeconds(seconds));
        metadata["deletionGracePeriodSeconds"] = seconds;
        if (!old.IsDeleting && metadata.Number("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }

        store.Put(old.Key, body);
    }

    private StoredObject Update(StoredObject old, JsonObject body, string subresource)
    {
        var version = body.Text("metadata", "resourceVersion");
        if (version.Length > 0 && version != $"{old.Version}")
        {
            throw Refusals.Conflict(old.Key, "the object has been modified; please apply your changes to the latest");
        }

        if (body.Text("metadata", "uid") is { Length: > 0 } uid && uid != old.Uid)
        {
            throw Refusals.Conflict(old.Key, $"Precondition failed: UID in precondition: {uid}, in object: {old.Uid}");
        }

        ResourceRules.PrepareForUpdate(old, body, subresource);
        if (old.IsDeleting && body.Texts("metadata", "finalizers").Except(old.Finalizers).Any())
        {
            throw Refusals.Invalid(
                old.Key,
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted"
            );
        }

        if (JsonNode.DeepEquals(body, old.Body))
        {
            // A write that changes nothing is none, and does not move the version.
            return old;
        }

        if (old.IsDeleting && body.At("metadata", "finalizers") is not JsonArray { Count: > 0 } && IsOver(body))
        {
            var last = new StoredObject(old.Key, body, old.Version);
            store.Remove(last);
            return last;
        }

        return store.Put(old.Key, body);
    }

    private static bool IsOver(JsonObject body) => (body.Number("metadata", "deletionGracePeriodSeconds") ?? 0) == 0;
}
