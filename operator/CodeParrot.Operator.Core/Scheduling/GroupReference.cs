namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>Names an object of a gang scheduler.</summary>
/// <param name="ApiVersion">Group and version.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Plural">Kind as it stands in paths.</param>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
public sealed record GroupReference(string ApiVersion, string Kind, string Plural, string Namespace, string Name);
