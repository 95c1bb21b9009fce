namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>What most schedulers call a gang, each in an API group of its own.</summary>
public static class PodGroup
{
    /// <summary>Its kind.</summary>
    public const string Kind = "PodGroup";

    /// <summary>Its kind as it stands in paths.</summary>
    public const string Plural = "podgroups";

    /// <summary>Names one.</summary>
    internal static GroupReference Of(string apiVersion, string ns, string name) =>
        new(apiVersion, Kind, Plural, ns, name);
}
