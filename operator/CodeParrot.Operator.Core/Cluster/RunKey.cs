using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>Names one run.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
public sealed record RunKey(string Namespace, string Name)
{
    /// <summary>The name of a run.</summary>
    public static RunKey Of(TrainingRun run) => new(run.Metadata.Namespace, run.Metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
