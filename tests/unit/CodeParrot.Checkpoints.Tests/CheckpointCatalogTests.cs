using CodeParrot.Storage;

namespace CodeParrot.Checkpoints.Tests;

public sealed class CheckpointCatalogTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    [Fact]
    public async Task Checkpoints_are_listed_newest_first_by_step_then_attempt()
    {
        await _fixture.WriteAsync(2);
        await _fixture.WriteAsync(10);
        await _fixture.WriteAsync(2, attempt: 2);
        await _fixture.WriteAsync(7, branch: "b2", attempt: 2);

        var branch = await _fixture.Catalog.ListAsync("b1");
        var all = await _fixture.Catalog.ListAsync();

        Assert.Equal(["step-000000010-a1", "step-000000002-a2", "step-000000002-a1"], Names(branch));
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public async Task A_branch_whose_name_begins_with_another_is_not_listed_with_it()
    {
        await _fixture.WriteAsync(1, branch: "b1");
        await _fixture.WriteAsync(2, branch: "b10");

        Assert.Equal(["step-000000001-a1"], Names(await _fixture.Catalog.ListAsync("b1")));
    }

    [Fact]
    public async Task What_is_there_is_named_without_reading_it_and_what_is_not_is_refused_with_those_names()
    {
        await _fixture.WriteAsync(2);
        await _fixture.WriteAsync(7, branch: "b2", attempt: 2);
        var torn = await _fixture.WriteAsync(9, attempt: 2);
        await _fixture.Store.DeleteAsync([torn.ManifestKey]);

        var names = await _fixture.Catalog.ListReferencesAsync();
        var missing = await Assert.ThrowsAsync<CheckpointNotFoundException>(() =>
            _fixture.Catalog.GetAsync(torn.Reference)
        );

        Assert.Equal(["b2/step-000000007-a2", "b1/step-000000002-a1"], names);
        Assert.Equal(torn.Reference, missing.Wanted);
        Assert.Contains(string.Join(", ", names), missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rot")]
    [InlineData("truncate")]
    [InlineData("delete")]
    public async Task A_damaged_checkpoint_is_named_and_the_one_before_is_used(string damage)
    {
        var good = await _fixture.WriteAsync(1);
        var bad = await _fixture.WriteAsync(2);
        var key = bad.KeyOf("model.safetensors");
        await (
            damage switch
            {
                "rot" => _fixture.RotAsync(key),
                "truncate" => _fixture.Store.WriteBytesAsync(key, new byte[999]),
                _ => _fixture.Store.DeleteAsync([key]),
            }
        );

        var usable = await _fixture.Catalog.NewestUsableAsync("b1");

        Assert.Equal(good.Reference, usable?.Reference);
        Assert.Equal(key, Assert.Single(_fixture.Damaged).Key);
    }

    [Fact]
    public async Task A_damaged_manifest_is_named_and_skipped()
    {
        var good = await _fixture.WriteAsync(1);
        var bad = await _fixture.WriteAsync(2);
        await _fixture.Store.WriteBytesAsync(bad.ManifestKey, "{ half a man"u8.ToArray());

        var usable = await _fixture.Catalog.NewestUsableAsync("b1");

        Assert.Equal(good.Reference, usable?.Reference);
        Assert.Equal(bad.ManifestKey, Assert.Single(_fixture.Damaged).Key);
    }

    [Fact]
    public async Task A_newer_version_s_checkpoint_is_listed_as_unreadable_beside_the_others()
    {
        var good = await _fixture.WriteAsync(1);
        var newer = await _fixture.WriteNewerAsync(3);

        var (complete, unreadable) = await _fixture.Catalog.ListAllAsync();

        Assert.Equal(good.Reference, Assert.Single(complete).Reference);
        var why = Assert.Single(unreadable);
        Assert.Equal((newer, 2L), (why.Key, why.Version));
        Assert.Contains("reads up to 1", why.Message);
        Assert.Contains("upgrade", why.Message);
        Assert.Empty(_fixture.Damaged);
    }

    [Fact]
    public async Task A_branch_that_a_newer_version_went_on_with_is_not_resumed_from_an_older_checkpoint()
    {
        await _fixture.WriteAsync(1);
        var newer = await _fixture.WriteNewerAsync(3);

        var fault = await Assert.ThrowsAsync<CheckpointFormatException>(() =>
            _fixture.Catalog.ResolveStartAsync("b1", startFrom: null)
        );

        Assert.Equal(newer, fault.Key);
    }

    [Fact]
    public async Task A_rollback_to_an_older_checkpoint_leads_away_from_a_newer_version_s()
    {
        var good = await _fixture.WriteAsync(1);
        await _fixture.WriteNewerAsync(3);

        var start = await _fixture.Catalog.ResolveStartAsync("b2", good.Reference);

        Assert.Equal(good.Reference, start?.Reference);
        await Assert.ThrowsAsync<CheckpointFormatException>(() =>
            _fixture.Catalog.ResolveStartAsync("b2", "b1/step-000000003-a1")
        );
    }

    [Fact]
    public async Task A_branch_without_checkpoints_starts_from_its_rollback_target()
    {
        var target = await _fixture.WriteAsync(1);
        await _fixture.WriteAsync(2);

        var start = await _fixture.Catalog.ResolveStartAsync("b2", target.Reference);

        Assert.Equal(target.Reference, start?.Reference);
    }

    [Fact]
    public async Task A_branch_with_checkpoints_goes_on_from_its_own()
    {
        var target = await _fixture.WriteAsync(1);
        var own = await _fixture.WriteAsync(2, branch: "b2", attempt: 2, parent: target.Reference);

        var start = await _fixture.Catalog.ResolveStartAsync("b2", target.Reference);

        Assert.Equal(own.Reference, start?.Reference);
    }

    [Fact]
    public async Task A_damaged_rollback_target_is_an_error_and_not_replaced_by_another()
    {
        await _fixture.WriteAsync(1);
        var target = await _fixture.WriteAsync(2);
        await _fixture.RotAsync(target.KeyOf("state.json"));

        await Assert.ThrowsAsync<CheckpointCorruptException>(() =>
            _fixture.Catalog.ResolveStartAsync("b2", target.Reference)
        );
    }

    [Fact]
    public async Task An_unknown_rollback_target_is_an_error()
    {
        await Assert.ThrowsAsync<CheckpointNotFoundException>(() =>
            _fixture.Catalog.ResolveStartAsync("b2", "b1/step-000000009-a1")
        );
    }

    [Fact]
    public async Task A_step_is_found_along_the_line_that_leads_to_the_branch()
    {
        var shared = await _fixture.WriteAsync(1);
        var fork = await _fixture.WriteAsync(2);
        await _fixture.WriteAsync(3);
        var own = await _fixture.WriteAsync(4, branch: "b2", attempt: 2, parent: fork.Reference);

        var catalog = _fixture.Catalog;

        Assert.Equal(own.Reference, (await catalog.GetStepAsync("b2", 4)).Reference);
        Assert.Equal(shared.Reference, (await catalog.GetStepAsync("b2", 1)).Reference);
        // Step 3 belongs to what the rollback left behind.
        await Assert.ThrowsAsync<CheckpointNotFoundException>(() => catalog.GetStepAsync("b2", 3));
        Assert.Equal(3, (await catalog.GetStepAsync("b1", 3)).Manifest.Step);
    }

    public void Dispose() => _fixture.Dispose();

    private static IEnumerable<string> Names(IEnumerable<CheckpointEntry> entries) =>
        entries.Select(e => e.Manifest.Name);
}
