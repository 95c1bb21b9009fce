using CodeParrot.Contract.Store;

namespace CodeParrot.Checkpoints.Tests;

public sealed class CheckpointReferencesTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private CheckpointReferences References => new(_fixture.Store, TimeProvider.System);

    [Fact]
    public async Task A_ref_names_the_checkpoint_it_was_moved_to_last()
    {
        var first = await _fixture.WriteAsync(1);
        var second = await _fixture.WriteAsync(2);

        var before = await References.MoveAsync(StorePaths.MainRef, first);
        var between = await References.MoveAsync(StorePaths.MainRef, second);

        Assert.Null(before);
        Assert.Equal(first.Prefix, between?.Checkpoint);
        var now = await References.FindAsync(StorePaths.MainRef);
        Assert.Equal((second.Prefix, second.Digest, 2), (now?.Checkpoint, now?.Digest, now?.Step));
    }

    [Fact]
    public async Task Of_moves_at_once_each_sees_another_ref_before_it()
    {
        var target = await _fixture.WriteAsync(1);
        var others = await Task.WhenAll(Enumerable.Range(2, 4).Select(step => _fixture.WriteAsync(step)));

        var before = await Task.WhenAll(others.Select(e => References.MoveAsync(StorePaths.MainRef, e)));

        // A lost update would show as two moves that replaced the same ref.
        Assert.Equal(others.Length, before.Select(r => r?.Checkpoint).Distinct().Count());
        Assert.DoesNotContain(target.Prefix, before.Select(r => r?.Checkpoint));
    }

    [Fact]
    public async Task A_ref_to_a_deleted_checkpoint_is_an_error()
    {
        var entry = await _fixture.WriteAsync(1);
        await CheckpointDeletion.DeleteAsync(_fixture.Store, entry.Prefix);

        await Assert.ThrowsAsync<CheckpointNotFoundException>(() => References.MoveAsync(StorePaths.MainRef, entry));
    }

    public void Dispose() => _fixture.Dispose();
}
