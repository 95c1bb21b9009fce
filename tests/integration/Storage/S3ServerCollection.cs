namespace CodeParrot.Integration.Tests.Storage;

/// <summary>Tests that share the one S3 server of a run.</summary>
[CollectionDefinition(Name)]
public sealed class S3ServerCollection : ICollectionFixture<S3Server>
{
    public const string Name = "S3 server";
}
