namespace CodeParrot.Checkpoints.Tests;

public sealed class RunOwnershipTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    [Fact]
    public async Task A_newer_attempt_takes_over_and_the_older_notices()
    {
        var older = await _fixture.ClaimAsync(attempt: 1);

        var newer = await _fixture.ClaimAsync(attempt: 2);

        await newer.VerifyAsync();
        var e = await Assert.ThrowsAsync<SupersededException>(() => older.VerifyAsync());
        Assert.Contains("attempt 2", e.Owner);
    }

    [Fact]
    public async Task An_older_attempt_does_not_take_back()
    {
        await _fixture.ClaimAsync(attempt: 2);

        await Assert.ThrowsAsync<SupersededException>(() => _fixture.ClaimAsync(attempt: 1));

        await (await _fixture.ClaimAsync(attempt: 2)).VerifyAsync();
    }

    [Fact]
    public async Task A_replacement_takes_over_from_what_it_replaced_and_a_newer_attempt_from_both()
    {
        var replaced = await _fixture.ClaimAsync(attempt: 2);

        var replacement = await _fixture.ClaimAsync(attempt: 2, generation: 3);

        await replacement.VerifyAsync();
        var e = await Assert.ThrowsAsync<SupersededException>(() => replaced.VerifyAsync());
        Assert.Contains("attempt 2, generation 3", e.Owner);
        await Assert.ThrowsAsync<SupersededException>(() => _fixture.ClaimAsync(attempt: 2, generation: 1));
        await (await _fixture.ClaimAsync(attempt: 3)).VerifyAsync();
        await Assert.ThrowsAsync<SupersededException>(() => replacement.VerifyAsync());
    }

    [Fact]
    public async Task An_owner_that_an_older_version_wrote_has_generation_0()
    {
        await _fixture.ClaimAsync(attempt: 2);
        await File.WriteAllTextAsync(_fixture.OwnerFile, """{ "runUid": "uid-1", "attempt": 2 }""");

        await (await _fixture.ClaimAsync(attempt: 2)).VerifyAsync();
    }

    [Fact]
    public async Task Another_run_of_the_same_name_is_refused_unless_it_adopts()
    {
        await _fixture.ClaimAsync(attempt: 5, uid: "uid-1");

        var e = await Assert.ThrowsAsync<StoreInUseException>(() => _fixture.ClaimAsync(attempt: 1, uid: "uid-2"));
        var adopted = await _fixture.ClaimAsync(attempt: 1, uid: "uid-2", adopt: true);

        Assert.Equal("uid-1", e.OwnerUid);
        Assert.Contains("adopt-store", e.Message);
        await adopted.VerifyAsync();
    }

    [Fact]
    public async Task A_deleted_run_has_no_owner()
    {
        var ownership = await _fixture.ClaimAsync();
        await _fixture.Store.DeleteAsync([_fixture.Run.OwnerKey]);

        await Assert.ThrowsAsync<SupersededException>(() => ownership.VerifyAsync());
    }

    [Fact]
    public async Task Of_claims_at_once_the_newest_attempt_stands()
    {
        var claims = await Task.WhenAll(
            Enumerable.Range(1, 8).Select(attempt => Record.ExceptionAsync(() => _fixture.ClaimAsync(attempt)).AsTask())
        );

        Assert.All(claims.OfType<Exception>(), e => Assert.IsType<SupersededException>(e));
        await (await _fixture.ClaimAsync(attempt: 8)).VerifyAsync();
        await Assert.ThrowsAsync<SupersededException>(() => _fixture.ClaimAsync(attempt: 7));
    }

    public void Dispose() => _fixture.Dispose();
}
