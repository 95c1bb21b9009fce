using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>What a list or a watch is about.</summary>
/// <param name="Type">Type of the objects.</param>
/// <param name="Namespace">Their namespace; null for all.</param>
/// <param name="LabelSelector">Their labels.</param>
internal sealed record WatchFilter(ResourceType Type, string? Namespace, string LabelSelector)
{
    public bool Covers(StoredObject it) => Namespace is null || it.Key.Namespace == Namespace;

    public WatchEvent? See(Change change) =>
        change.Object.Key.Type == Type && Covers(change.Object) ? change.SeenBy(LabelSelector) : null;
}
