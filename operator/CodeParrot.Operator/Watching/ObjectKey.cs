namespace CodeParrot.Operator.Watching;

/// <summary>Names an object of a known type.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
internal readonly record struct ObjectKey(string Namespace, string Name);
