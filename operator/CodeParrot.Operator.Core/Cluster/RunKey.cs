namespace CodeParrot.Operator.Core.Cluster;

/// <summary>Names one run.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
public sealed record RunKey(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
