using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class BackgroundCheckpointTests
{
    [Fact]
    public void Training_goes_on_while_a_checkpoint_travels_and_the_copy_is_that_of_its_step()
    {
        using var undisturbed = new TestRun();
        undisturbed.Train(stopAfter: 2);
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };
        using var gate = new GatedStore(run.Store, "step-000000002-a1/model.safetensors");
        var stepsBefore = 0;

        run.Train(change: context =>
            context with
            {
                Store = gate,
                StopRequested = () =>
                {
                    // Asked within step 4, at whose end the next checkpoint has to wait for this one.
                    if (run.Observer.Steps.Count == 3)
                    {
                        stepsBefore = run.Observer.Checkpoints.Count;
                        gate.Open();
                    }
                    return false;
                },
            }
        );

        Assert.Equal((1, 0), (gate.Waiting, stepsBefore));
        Assert.Equal([2, 4, 6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        const string weights = "/branches/b1/step-000000002-a1/model.safetensors";
        Assert.Equal(undisturbed.Bytes(TestRun.RunPrefix + weights), run.Bytes(TestRun.RunPrefix + weights));
    }

    [Fact]
    public void Progress_tells_which_checkpoints_are_there_from_the_first_look_to_the_last()
    {
        using var run = TestRun.ThatKeepsTwo();
        run.Train(stopAfter: 3);
        var first = run.Observer.Progresses[^1].Stored;
        string[] atStart = [.. Stored(run)];

        run.Train(attempt: 2);

        Assert.Equal(atStart, first);
        Assert.Equal(atStart, run.Observer.Progresses.First(p => p.Stored is not null).Stored);
        Assert.Equal(Stored(run), run.Observer.Progresses[^1].Stored);
        Assert.DoesNotContain("b1/step-000000001-a1", Stored(run));
    }

    private static IEnumerable<string> Stored(TestRun run)
    {
        var prefix = $"{TestRun.RunPrefix}/branches/";
        const string suffix = "/manifest.json";
        return run.Keys(prefix)
            .Where(key => key.EndsWith(suffix, StringComparison.Ordinal))
            .Select(key => key[prefix.Length..^suffix.Length])
            .Order(StringComparer.Ordinal);
    }

    // A rollback to step 1 may be why the run is stopped while the checkpoint of step 3 is on its way.
    [Fact]
    public void Nothing_is_deleted_behind_a_checkpoint_that_is_on_its_way_when_a_stop_is_asked_for()
    {
        using var run = TestRun.ThatKeepsTwo();
        using var gate = new GatedStore(run.Store, "step-000000003-a1/model.safetensors");

        run.Train(
            stopAfter: 4,
            change: context =>
            {
                run.Observer.Told = progress =>
                {
                    if (progress.Ranks.Any(rank => rank.State == nameof(RankActivity.Stopping)))
                    {
                        gate.Open();
                    }
                };
                return context with { Store = gate };
            }
        );

        var manifests = run.Keys($"{TestRun.RunPrefix}/branches/").Where(key => key.EndsWith("/manifest.json"));
        Assert.Equal((1, 4), (gate.Waiting, manifests.Count()));
    }

    [Fact]
    public void A_store_that_fails_ends_the_run_with_its_own_error_and_keeps_what_was_committed()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };

        var e = Assert.ThrowsAny<StoreException>(() =>
            run.Train(change: context =>
                context with
                {
                    StopRequested = () =>
                    {
                        // A file where the next checkpoint's folder has to be.
                        var blocked = Path.Combine(run.StoreFolder, TestRun.RunPrefix, "branches/b1/step-000000004-a1");
                        if (run.Observer.Steps.Count == 2)
                        {
                            Directory.CreateDirectory(Path.GetDirectoryName(blocked)!);
                            File.WriteAllText(blocked, "");
                        }
                        return false;
                    },
                }
            )
        );

        Assert.Equal(ExitCode.StoreUnreachable, ExitCodes.Of(e));
        Assert.NotEmpty(run.Keys($"{TestRun.RunPrefix}/branches/b1/step-000000002-a1/manifest.json"));
    }

    [Fact]
    public void A_rank_that_fails_ends_the_others_which_blame_it()
    {
        using var run = new TestRun();

        var errors = run.Catch(
            worldSize: 3,
            context =>
                context with
                {
                    StopRequested = () =>
                        context.Group.Rank == 1 ? throw new InvalidOperationException("broken") : false,
                }
        );

        Assert.Equal("broken", Assert.IsType<InvalidOperationException>(errors[1]).Message);
        foreach (var survivor in new[] { errors[0], errors[2] })
        {
            var lost = Assert.IsType<PeerLostException>(survivor);
            Assert.Equal((1, ExitCode.PeerLost), (lost.Rank, ExitCodes.Of(lost)));
        }
        Assert.Empty(run.Keys($"{TestRun.RunPrefix}/branches/"));
    }
}
