using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;

namespace CodeParrot.Checkpoints.Tests;

public sealed class RetentionTests : IDisposable
{
    private static readonly RetentionSpec LastOnly = new()
    {
        Last = 1,
        EverySteps = 0,
        Best = 0,
    };

    private readonly StoreFixture _fixture = new();

    [Fact]
    public void The_last_of_each_branch_multiples_and_the_best_are_kept()
    {
        CheckpointEntry[] entries =
        [
            .. Enumerable.Range(1, 9).Select(step => Entry(step, evalLoss: step == 3 ? 1.0 : 2.0)),
            Entry(6, branch: "b2"),
        ];
        var keep = new RetentionSpec
        {
            Last = 2,
            EverySteps = 4,
            Best = 1,
        };

        var expired = RetentionPolicy.Expired(entries, keep, new HashSet<string>());

        Assert.Equal(["b1/1", "b1/2", "b1/5", "b1/6", "b1/7"], Short(expired));
    }

    [Fact]
    public void The_last_complete_checkpoint_stays_whatever_the_rules_say()
    {
        var expired = RetentionPolicy.Expired([Entry(7)], LastOnly with { Last = 0 }, new HashSet<string>());

        Assert.Empty(expired);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_never_the_best()
    {
        CheckpointEntry[] entries = [Entry(1, evalLoss: double.NaN), Entry(2, evalLoss: 5), Entry(3)];

        var expired = RetentionPolicy.Expired(entries, LastOnly with { Best = 1 }, new HashSet<string>());

        Assert.Equal(["b1/1"], Short(expired));
    }

    [Fact]
    public async Task Nothing_is_deleted_beside_a_checkpoint_of_a_newer_version()
    {
        await _fixture.WriteAsync(1);
        await _fixture.WriteAsync(2);
        var newer = await _fixture.WriteNewerAsync(3, branch: "b2");

        var beside = await _fixture.RetainAsync(LastOnly);
        await _fixture.Store.DeleteAsync([newer]);
        var without = await _fixture.RetainAsync(LastOnly);

        Assert.Empty(beside);
        Assert.Equal(["b1/step-000000001-a1"], without);
    }

    [Fact]
    public void What_a_branch_started_from_and_what_is_protected_stay()
    {
        CheckpointEntry[] entries =
        [
            Entry(1),
            Entry(2),
            Entry(3),
            Entry(4, parent: Entry(3).Reference),
            Entry(5, branch: "b2", parent: Entry(2).Reference),
        ];

        var expired = RetentionPolicy.Expired(entries, LastOnly, new HashSet<string> { Entry(1).Reference });

        Assert.Equal(["b1/3"], Short(expired));
    }

    [Fact]
    public async Task Expired_checkpoints_leave_the_store_and_refs_hold_theirs()
    {
        var promoted = await _fixture.WriteAsync(1);
        var expiring = await _fixture.WriteAsync(2);
        var target = await _fixture.WriteAsync(3);
        var last = await _fixture.WriteAsync(4);
        await new CheckpointReferences(_fixture.Store, TimeProvider.System).MoveAsync(StorePaths.MainRef, promoted);

        var deleted = await _fixture.RetainAsync(LastOnly, rollbackTarget: target.Reference);

        Assert.Equal([expiring.Reference], deleted);
        Assert.Empty(await _fixture.KeysAsync(expiring.Prefix + "/"));
        var left = (await _fixture.Catalog.ListAsync()).Select(e => e.Reference);
        Assert.Equal([last.Reference, target.Reference, promoted.Reference], left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checkpoint_that_the_spec_wants_published_stays(bool withBranch)
    {
        var wanted = await _fixture.WriteAsync(1);
        var expiring = await _fixture.WriteAsync(2);
        await _fixture.WriteAsync(3);
        var name = withBranch ? wanted.Reference : wanted.Manifest.Name;
        var retention = new Retention(_fixture.Store, await _fixture.ClaimAsync(attempt: 1), LastOnly, name);

        var deleted = await retention.ApplyAsync();

        Assert.Equal([expiring.Reference], deleted.Select(e => e.Reference));
    }

    [Fact]
    public async Task A_superseded_attempt_deletes_nothing()
    {
        await _fixture.WriteAsync(1);
        await _fixture.WriteAsync(2);
        var retention = new Retention(_fixture.Store, await _fixture.ClaimAsync(attempt: 1), LastOnly);
        await _fixture.ClaimAsync(attempt: 2);

        await Assert.ThrowsAsync<SupersededException>(() => retention.ApplyAsync());

        Assert.Equal(2, (await _fixture.Catalog.ListAsync()).Count);
    }

    [Fact]
    public async Task Leftovers_of_a_crashed_writer_are_swept_and_whole_checkpoints_stay()
    {
        var whole = await _fixture.WriteAsync(1);
        var torn = await _fixture.WriteAsync(2);
        await _fixture.Store.DeleteAsync([torn.ManifestKey]);

        var swept = await Leftovers.SweepAsync(_fixture.Store, await _fixture.ClaimAsync(attempt: 2));

        Assert.Equal([torn.Prefix], swept);
        Assert.Empty(await _fixture.KeysAsync(torn.Prefix + "/"));
        await CheckpointVerifier.VerifyAsync(_fixture.Store, whole);
    }

    public void Dispose() => _fixture.Dispose();

    private static CheckpointEntry Entry(long step, string branch = "b1", double? evalLoss = null, string parent = "")
    {
        var manifest = StoreFixture.Draft(step, branch) with { EvalLoss = evalLoss, Parent = parent };
        return new CheckpointEntry($"runs/research/small/branches/{branch}/{manifest.Name}", manifest, "");
    }

    private static IEnumerable<string> Short(IEnumerable<CheckpointEntry> entries) =>
        entries.Select(e => $"{e.Manifest.Branch}/{e.Manifest.Step}");
}
