namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>Tests that share the one Kubernetes control plane of a run.</summary>
[CollectionDefinition(Name)]
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlane>
{
    public const string Name = "Kubernetes control plane";
}
