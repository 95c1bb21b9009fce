using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

public sealed class LocalStoreTests : StoreContract, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("codeparrot-store-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    protected override Task<IObjectStore> OpenStoreAsync() =>
        ObjectStores.ConnectAsync(new StoreOptions { Uri = Path.Combine(_root, "not yet there") }, TimeProvider.System);
}
