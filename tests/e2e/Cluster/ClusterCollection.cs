namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>Tests that share the one cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<TestCluster>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "cluster";
}
