using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class CheckpointRequestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_request_is_served_once_after_the_step_it_falls_into_and_training_goes_on(int worldSize)
    {
        using var undisturbed = new TestRun();
        undisturbed.Train(worldSize: worldSize);
        using var run = new TestRun();

        run.Train(worldSize: worldSize, change: context => Asking(run, context, afterStep: 2));

        Assert.Equal([3, 6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.Equal(new ServedRequest("now", "b1/step-000000003-a1"), run.Observer.Progresses[^1].ServedRequest);
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        const string weights = "/branches/b1/step-000000006-a1/model.safetensors";
        Assert.Equal(undisturbed.Bytes(TestRun.RunPrefix + weights), run.Bytes(TestRun.RunPrefix + weights));
    }

    [Fact]
    public void Ranks_but_the_first_have_no_request_of_their_own()
    {
        using var run = new TestRun();

        run.Train(
            worldSize: 2,
            change: context => context with { RequestNonce = () => context.Group.Rank == 1 ? "astray" : "" }
        );

        Assert.Equal([6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.Null(run.Observer.Progresses[^1].ServedRequest);
    }

    [Fact]
    public void A_checkpoint_that_is_due_at_that_step_serves_the_request()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 3 } };

        run.Train(change: context => Asking(run, context, afterStep: 2));

        Assert.Equal([3, 6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.Equal("b1/step-000000003-a1", run.Observer.Progresses[^1].ServedRequest?.Checkpoint);
    }

    [Fact]
    public void Each_new_value_is_served_and_one_at_the_last_step_by_the_last_checkpoint()
    {
        using var run = new TestRun();

        run.Train(change: context =>
            context with
            {
                RequestNonce = () =>
                    run.Observer.Steps.Count switch
                    {
                        < 1 => "",
                        < 3 => "first",
                        < 5 => "second",
                        _ => "last",
                    },
            }
        );

        Assert.Equal([2, 4, 6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.Equal(new ServedRequest("last", "b1/step-000000006-a1"), run.Observer.Progresses[^1].ServedRequest);
    }

    [Fact]
    public void The_next_attempt_knows_what_was_served_and_does_not_serve_it_again()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 3 } };
        run.Train(stopAfter: 4, change: context => Asking(run, context, afterStep: 1));
        var first = run.Observer.Checkpoints.Select(c => (int)c.Step).ToList();

        // It goes on from the checkpoint of the stop, and is asked the same from its first step on.
        run.Train(attempt: 2, change: context => context with { RequestNonce = () => "now" });

        Assert.Equal([2, 3, 4], first);
        Assert.Equal([6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.All(
            run.Observer.Progresses.Where(p => p.Step > 0),
            p => Assert.Equal(new ServedRequest("now", "b1/step-000000002-a1"), p.ServedRequest)
        );
    }

    [Fact]
    public void A_request_is_not_told_as_served_before_its_checkpoint_is_complete()
    {
        using var run = new TestRun();
        using var gate = new GatedStore(run.Store, "step-000000002-a1/manifest.json");
        ServedRequest? early = null;

        run.Train(change: context =>
            Asking(run, context, afterStep: 1) with
            {
                Store = gate,
                StopRequested = () =>
                {
                    if (run.Observer.Steps.Count == 4)
                    {
                        early = run.Observer.Progresses[^1].ServedRequest;
                        gate.Open();
                    }
                    return false;
                },
            }
        );

        Assert.Null(early);
        Assert.Equal([2, 6], run.Observer.Checkpoints.Select(c => (int)c.Step));
        Assert.Equal("b1/step-000000002-a1", run.Observer.Progresses[^1].ServedRequest?.Checkpoint);
    }

    // As rank 0 is told in a pod: from some moment on, for good.
    private static TrainingContext Asking(TestRun run, TrainingContext context, int afterStep) =>
        context with
        {
            RequestNonce = () => context.Group.Rank == 0 && run.Observer.Steps.Count >= afterStep ? "now" : "",
        };
}
