using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3StoreTests(S3Server server) : StoreContract
{
    protected override async Task<IObjectStore> OpenStoreAsync() =>
        ObjectStores.Open(await server.NewBucketAsync(), TimeProvider.System);
}
