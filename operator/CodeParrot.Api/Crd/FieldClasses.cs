namespace CodeParrot.Api.Crd;

/// <summary>The class of each field of the spec: the longest path that holds it decides.</summary>
public static class FieldClasses
{
    private static readonly Dictionary<string, FieldClass> ByPath = new()
    {
        ["spec.store"] = FieldClass.Identity,
        // How a store is reached, or how many pods build a corpus, does not change what is in it.
        ["spec.store.credentialsSecret"] = FieldClass.Recipe,
        ["spec.store.caBundle"] = FieldClass.Recipe,
        ["spec.corpus"] = FieldClass.Identity,
        ["spec.corpus.workers"] = FieldClass.Recipe,
        ["spec.tokenizer"] = FieldClass.Identity,
        ["spec.model"] = FieldClass.Identity,
        ["spec.training.batchSize"] = FieldClass.Identity,
        ["spec.training.gradientAccumulation"] = FieldClass.Identity,
        ["spec.training.objective"] = FieldClass.Identity,
        ["spec.training.data"] = FieldClass.Identity,
        ["spec.training.seed"] = FieldClass.Identity,
        ["spec.workers.count"] = FieldClass.Identity,
        ["spec.checkpoints.requestNonce"] = FieldClass.Control,
        ["spec.publish"] = FieldClass.Control,
        ["spec.failurePolicy"] = FieldClass.Control,
        ["spec.disruption"] = FieldClass.Control,
        ["spec.scheduling.queue"] = FieldClass.Control,
        ["spec.suspend"] = FieldClass.Control,
        ["spec.rollback"] = FieldClass.Control,
        ["spec.ttlAfterFinished"] = FieldClass.Control,
        ["spec.retainArtifacts"] = FieldClass.Control,
    };

    /// <summary>Paths of identity fields; what has a class of its own below them is none.</summary>
    public static IEnumerable<string> IdentityRoots =>
        ByPath.Where(p => p.Value == FieldClass.Identity).Select(p => p.Key);

    /// <summary>The class of a field; null for an object that holds fields of several classes.</summary>
    public static FieldClass? Of(string path)
    {
        var own = Nearest(path);
        return ByPath.Any(p => IsBelow(p.Key, path) && p.Value != own) ? null : own;
    }

    private static FieldClass Nearest(string path) =>
        ByPath
            .Where(p => p.Key == path || IsBelow(path, p.Key))
            .OrderByDescending(p => p.Key.Length)
            .Select(p => p.Value)
            .FirstOrDefault(FieldClass.Recipe);

    private static bool IsBelow(string path, string parent) =>
        path.Length > parent.Length
        && path.StartsWith(parent, StringComparison.Ordinal)
        && path[parent.Length] is ('.' or '[');
}
