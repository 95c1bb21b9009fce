using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3RestartTests(S3Server server)
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_large_write_outlasts_a_restart_of_the_server()
    {
        server.RequireOwn();
        var options = await server.NewBucketAsync();
        using var store = ObjectStores.Open(options, TimeProvider.System);
        var bytes = new byte[80 * MiB];
        new Random(1).NextBytes(bytes);
        using var content = new PausingStream(bytes, pauseAt: 30 * MiB);

        var writing = store.WriteAsync("object", content);
        await content.Reached.WaitAsync();
        await server.KillGatewayAsync();
        content.Resume();
        // Several rounds of the SDK's own retries are over by then.
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.False(writing.IsCompleted);
        await server.StartGatewayAsync();
        await writing;

        var read = await store.ReadBytesAsync("object");
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task A_download_outlasts_a_restart_of_the_server()
    {
        server.RequireOwn();
        var options = await server.NewBucketAsync();
        using var store = ObjectStores.Open(options, TimeProvider.System);
        var bytes = new byte[24 * MiB];
        new Random(2).NextBytes(bytes);
        await store.WriteBytesAsync("object", bytes);

        await using var content = await store.OpenReadAsync("object");
        var read = new byte[bytes.Length];
        await content.ReadExactlyAsync(read.AsMemory(0, MiB));
        await server.KillGatewayAsync();
        var rest = content.ReadExactlyAsync(read.AsMemory(MiB)).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await server.StartGatewayAsync();
        await rest;

        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }
}
