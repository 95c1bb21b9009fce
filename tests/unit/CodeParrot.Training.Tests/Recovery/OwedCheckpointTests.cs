using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Distributed;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Recovery;

public class OwedCheckpointTests
{
    [Theory]
    // At its own step where the others still are, else at the next one.
    [InlineData(4, "step-000000003-a1")]
    [InlineData(5, "step-000000005-a1")]
    public void A_checkpoint_that_rank_0_did_not_live_to_complete_is_taken_again(int diesInStep, string name)
    {
        using var run = RunOf();
        using var gate = new GatedStore(new UnreadStore(run.Store), "step-000000003-a1/model.safetensors");
        var gang = new MortalGang(run, worldSize: 2)
        {
            StoreOf = life => life is { Rank: 0, Generation: 0 } ? gate : new UnreadStore(run.Store),
        };

        var ends = gang.Run(new Death(0, RankActivity.Training, diesInStep));

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.Equal([name, "step-000000006-a1"], Names(run));
        Assert.Equal(name, Manifest(run, "step-000000006-a1").Parent["b1/".Length..]);
        Assert.Equal(TestRun.MaxSteps, run.Metrics().Count);
    }

    [Fact]
    public void An_upload_of_rank_0_goes_on_while_another_rank_is_replaced()
    {
        using var run = RunOf();
        using var gate = new GatedStore(new UnreadStore(run.Store), "step-000000003-a1/model.safetensors");
        var gang = new MortalGang(run, worldSize: 2)
        {
            StoreOf = life => life.Rank == 0 ? gate : new UnreadStore(run.Store),
            GroupOf = (life, group) =>
            {
                // Back in a round, with the checkpoint still on its way.
                if (life is { Rank: 1, Generation: 1 })
                {
                    gate.Open();
                }
                return group;
            },
        };

        var ends = gang.Run(new Death(1, RankActivity.Training, 4));

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.Equal(1, gate.Waiting);
        Assert.Equal(["step-000000003-a1", "step-000000006-a1"], Names(run));
        Assert.Equal("b1/step-000000003-a1", Manifest(run, "step-000000006-a1").Parent);
    }

    [Fact]
    public void A_replaced_rank_0_that_still_lives_completes_no_checkpoint()
    {
        using var run = RunOf();
        using var gate = new GatedStore(run.Store, "step-000000003-a1/manifest.json");

        // Cut off from the others, it sits in the middle of its checkpoint while its replacement claims the run.
        var errors = run.Catch(
            worldSize: 1,
            context =>
                context with
                {
                    Store = gate,
                    StopRequested = () =>
                    {
                        if (run.Observer.Steps.Count == 4)
                        {
                            Claim(run, generation: 1);
                            gate.Open();
                        }
                        return false;
                    },
                }
        );

        Assert.Equal(ExitCode.PeerLost, ExitCodes.Of(Assert.IsType<Checkpoints.SupersededException>(errors[0])));
    }

    [Fact]
    public void Asked_to_stop_while_it_waits_rank_0_writes_what_it_holds_and_the_next_attempt_has_the_same_bits()
    {
        using var undisturbed = RunOf();
        using var run = RunOf();
        using var stop = new CancellationTokenSource();
        var gang = new MortalGang(run, worldSize: 3)
        {
            IsReplaced = false,
            StopWaiting = stop.Token,
            OnWaiting = (life, step) =>
            {
                if (life.Rank == 0)
                {
                    stop.Cancel();
                }
            },
        };

        undisturbed.Train(worldSize: 3);
        var ends = gang.Run(new Death(1, RankActivity.Training, 5));
        var metricsOfStop = run.Metrics().Count;
        var result = run.Train(attempt: 2, worldSize: 3);

        Assert.Equal((TrainingOutcome.Stopped, 4L), (ends[0].Result!.Outcome, ends[0].Result!.Step));
        Assert.Equal("b1/step-000000004-a1", ends[0].Result!.Checkpoint);
        Assert.Equal(3, Manifest(run, "step-000000004-a1").WorldSize);
        // What rank 2 holds is not its to write.
        Assert.IsType<PeerLostException>(ends[2].Error);
        Assert.Equal((4, TrainingOutcome.Finished), (metricsOfStop, result.Outcome));
        Assert.Empty(run.Observer.Warnings);
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
    }

    private static void Claim(TestRun run, int generation)
    {
        var location = new Checkpoints.RunLocation("default", "test");
        var owner = new RunOwner("uid-1", 1, generation);
        Blocking.Run(() => Checkpoints.RunOwnership.ClaimAsync(run.Store, location, owner));
    }

    private static List<string> Names(TestRun run) =>
        [
            .. run.Keys($"{TestRun.RunPrefix}/branches/b1/")
                .Where(key => key.EndsWith("/manifest.json", StringComparison.Ordinal))
                .Select(key => key.Split('/')[^2]),
        ];

    private static CheckpointManifest Manifest(TestRun run, string name) =>
        System.Text.Json.JsonSerializer.Deserialize<CheckpointManifest>(
            run.Bytes($"{TestRun.RunPrefix}/branches/b1/{name}/manifest.json"),
            ContractJson.Indented
        )!;

    private static TestRun RunOf()
    {
        var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 3 } };
        return run;
    }
}
