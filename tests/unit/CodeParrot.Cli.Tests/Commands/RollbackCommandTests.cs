using CodeParrot.Api.Resources;
using CodeParrot.Cli.Commands;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Tests.Commands;

public sealed class RollbackCommandTests
{
    [Fact]
    public void Puts_the_target_into_the_status_even_behind_a_full_list()
    {
        List<CheckpointSummary> known = [.. Enumerable.Range(1, 90).Select(Checkpoint)];

        var run = RollbackCommand.Apply(new TrainingRun(), known, new RollbackSpec { ToStep = 2 });

        Assert.NotNull(CheckpointList.AtStep(run.Status, 2));
        Assert.Equal(2, run.Spec.Rollback!.ToStep);
    }

    [Fact]
    public void Refuses_a_step_without_a_checkpoint_and_names_those_that_have_one()
    {
        var e = Assert.Throws<UserMistakeException>(() =>
            RollbackCommand.Apply(new TrainingRun(), [Checkpoint(20), Checkpoint(10)], new RollbackSpec { ToStep = 2 })
        );

        Assert.Contains("steps 10, 20", e.Message, StringComparison.Ordinal);
    }

    private static CheckpointSummary Checkpoint(int step) =>
        new($"step-{step}", "b1", step, 3, null, 10, "d", DateTimeOffset.UnixEpoch.AddSeconds(step));
}
