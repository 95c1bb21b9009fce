using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.CheckpointRequests;

namespace CodeParrot.Operator.Core.Tests.CheckpointRequests;

public sealed class OpenRequestTests
{
    private const string Served = "b1/step-000000010-a1";

    [Fact]
    public void Goes_to_the_trainer_while_the_run_trains_until_it_is_answered()
    {
        var world = new World().ToTraining().Report(9).Settle();
        var before = Told(world);

        world.Ask("now").Settle();
        var asked = Told(world);
        world.Report(12, Runs.Checkpoint(10)).Serve("now", Served).Settle();

        Assert.Equal(("", "now", ""), (before, asked, Told(world)));
        Assert.Equal(
            new CheckpointRequestStatus("now", Served, ConditionReasons.CheckpointTaken, world.Now),
            world.Status.CheckpointRequest
        );
        Assert.Equal(
            (false, ConditionReasons.CheckpointTaken),
            (world.Events.Last().Warning, world.Events.Last().Reason)
        );
    }

    [Fact]
    public void The_answer_is_written_at_once_and_not_again()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("now").Settle();

        world.Report(10).Serve("now", Served).Settle();
        var at = world.Status.CheckpointRequest?.At;
        world.Advance(60).Report(11).Serve("now", Served).Settle();

        Assert.NotNull(at);
        Assert.Equal(at, world.Status.CheckpointRequest!.At);
        Assert.Single(world.Events, e => e.Reason == ConditionReasons.CheckpointTaken);
    }

    [Fact]
    public void The_end_of_a_pod_tells_it_too()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("now").Settle();

        world
            .End(
                "train-a1-0",
                44,
                new TerminationMessage
                {
                    Checkpoints = [Runs.Checkpoint(10)],
                    ServedRequest = new ServedRequest("now", Served),
                }
            )
            .Settle();

        Assert.Equal(RunPhase.Restarting, world.Status.Phase);
        Assert.Equal(Served, world.Status.CheckpointRequest?.Checkpoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waits_while_the_run_does_not_train_and_also_when_it_was_there_at_creation(bool atCreation)
    {
        var world = (atCreation ? new World("checkpoints.requestNonce=now") : new World().Settle().Ask("now")).Settle();
        var preparing = Told(world);

        world.ToTraining();
        var training = Told(world);
        world.Edit(s => s with { Suspend = true }).Settle().End("train", 75).Settle();
        var suspended = Told(world);
        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal(("", "now", ""), (preparing, training, suspended));
        Assert.Equal((2, "now"), (world.Status.Attempt, Told(world)));
        Assert.Null(world.Status.CheckpointRequest);
    }

    [Fact]
    public void A_gang_that_went_back_and_knows_of_an_older_one_does_not_open_the_newer_again()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("two").Settle();
        world.Report(10).Serve("two", Served).Settle();

        world.Advance(60).Report(4).Serve("one", "b1/step-000000003-a1").Settle();

        Assert.Equal("two", world.Status.CheckpointRequest?.Nonce);
        Assert.Equal("", Told(world));
    }

    [Fact]
    public void What_another_run_s_pod_says_is_no_answer()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("now").Settle();

        world.Report(10).Serve("now", Served);
        world.Progress = world.Progress! with { Attempt = 7 };
        world.Settle();

        Assert.Null(world.Status.CheckpointRequest);
    }

    [Fact]
    public void It_neither_waits_for_an_attempt_nor_makes_another_snapshot()
    {
        var asked = new World("checkpoints.requestNonce=now").ToTraining().Report(9).Settle();
        var world = new World().ToTraining().Report(9).Settle();

        world.Ask("later").Settle();

        Assert.Equal("", world.Status.PendingChange);
        Assert.Equal(world.Status.SpecHash, asked.Status.SpecHash);
    }

    [Fact]
    public void A_spec_with_mistakes_is_not_acted_on()
    {
        var world = new World().ToTraining().Report(9).Settle();

        world.Edit(s => s with { Training = s.Training with { MaxSteps = 0 } }).Ask("now").Settle();

        Assert.Equal("", Told(world));
    }

    [Fact]
    public void The_answer_is_taken_also_while_the_spec_has_mistakes()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("now").Settle();

        world.Edit(s => s with { Training = s.Training with { MaxSteps = 0 } }).Settle();
        world.Report(10).Serve("now", Served).Settle();

        Assert.Equal(Served, world.Status.CheckpointRequest?.Checkpoint);
    }

    [Fact]
    public void It_goes_with_the_generation_that_asks()
    {
        var world = new World().ToTraining().Report(9).Settle().Ask("now").Settle();

        Assert.Equal(world.Run.Metadata.Generation, OpenRequest.ForTrainer(world.Observe())?.Generation);
    }

    private static string Told(World world) => OpenRequest.ForTrainer(world.Observe())?.Nonce ?? "";
}
