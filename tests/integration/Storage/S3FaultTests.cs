using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

/// <summary>Tests with a real server behind a proxy that spoils chosen exchanges.</summary>
public abstract class S3FaultTests(S3Server server) : IAsyncLifetime
{
    protected const int MiB = 1024 * 1024;

    private readonly List<IObjectStore> _stores = [];
    private FaultProxy? _proxy;

    /// <summary>Gets or sets what happens to each request; at first nothing.</summary>
    protected Func<ProxiedRequest, Fault?> Script { get; set; } = _ => null;

    protected S3Server Server => server;

    protected IReadOnlyList<ProxiedRequest> Requests => _proxy!.Requests;

    public ValueTask InitializeAsync()
    {
        server.Require();
        _proxy = new FaultProxy(server.Endpoint, request => Script(request));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            store.Dispose();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task StopProxyAsync()
    {
        await _proxy!.DisposeAsync();
        _proxy = null;
    }

    protected async Task<IObjectStore> OpenAsync(Func<StoreOptions, StoreOptions>? change = null)
    {
        var options = await server.NewBucketAsync(_proxy!.Endpoint);
        var store = ObjectStores.Open(change?.Invoke(options) ?? options, TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    protected static byte[] Bytes(int size, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
