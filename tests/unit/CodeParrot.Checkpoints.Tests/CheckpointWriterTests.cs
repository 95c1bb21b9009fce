using System.Security.Cryptography;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints.Tests;

public sealed class CheckpointWriterTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    [Fact]
    public async Task A_checkpoint_names_every_object_with_size_and_digest()
    {
        var written = await _fixture.WriteAsync(step: 3);

        var read = await _fixture.Catalog.GetAsync("b1/step-000000003-a1");
        var model = read.Manifest.Objects[0];
        var bytes = await _fixture.Store.ReadBytesAsync(read.KeyOf("model.safetensors"));
        Assert.Equal((1000, Convert.ToHexStringLower(SHA256.HashData(bytes))), (model.SizeBytes, model.Sha256));
        Assert.Equal(["model.safetensors", "state.json"], read.Manifest.Objects.Select(o => o.Name));
        Assert.Equal((written.Digest, "uid-1", 1), (read.Digest, read.Manifest.RunUid, read.Manifest.Attempt));
        Assert.Equal(1002, read.Summary.Bytes);
    }

    [Fact]
    public async Task A_writer_that_fails_leaves_no_checkpoint()
    {
        var writer = new CheckpointWriter(_fixture.Store, await _fixture.ClaimAsync(), TimeProvider.System);
        CheckpointSource[] sources =
        [
            .. StoreFixture.Sources(1),
            new("late.bin", () => throw new IOException("the source is gone")),
        ];

        await Assert.ThrowsAsync<IOException>(() => writer.WriteAsync(StoreFixture.Draft(1), sources));

        Assert.Empty(await _fixture.Catalog.ListAsync());
        Assert.Contains(await _fixture.KeysAsync(), key => key.EndsWith("model.safetensors"));
    }

    [Fact]
    public async Task A_writer_superseded_while_its_objects_travel_writes_no_manifest()
    {
        var writer = new CheckpointWriter(_fixture.Store, await _fixture.ClaimAsync(), TimeProvider.System);
        CheckpointSource[] sources =
        [
            .. StoreFixture.Sources(1),
            new(
                "slow.bin",
                () =>
                {
                    File.WriteAllText(_fixture.OwnerFile, """{"runUid":"uid-1","attempt":2}""");
                    return new MemoryStream([1]);
                }
            ),
        ];

        await Assert.ThrowsAsync<SupersededException>(() => writer.WriteAsync(StoreFixture.Draft(1), sources));

        Assert.Empty(await _fixture.Catalog.ListAsync());
    }

    [Fact]
    public async Task A_whole_checkpoint_of_the_same_name_is_left_as_it_is()
    {
        var first = await _fixture.WriteAsync(step: 1);

        var second = await _fixture.WriteAsync(step: 1);

        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task A_damaged_checkpoint_of_the_same_name_is_replaced()
    {
        var first = await _fixture.WriteAsync(step: 1);
        await _fixture.RotAsync(first.KeyOf("model.safetensors"));

        await _fixture.WriteAsync(step: 1);

        Assert.NotNull(await _fixture.Catalog.NewestUsableAsync("b1"));
        Assert.Empty(_fixture.Damaged);
    }

    [Fact]
    public void A_digest_does_not_depend_on_how_a_store_reads()
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000);
        using var stream = new DigestStream(new MemoryStream(bytes));
        var buffer = new byte[3000];

        // A retry from the start, a part out of order, and a tail that is never read.
        stream.ReadExactly(buffer);
        stream.Position = 0;
        stream.ReadExactly(buffer);
        stream.Position = 6000;
        stream.ReadExactly(buffer, 0, 1000);
        stream.Position = 2500;
        stream.ReadExactly(buffer, 0, 2000);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stream.Finish());
    }

    public void Dispose() => _fixture.Dispose();
}
