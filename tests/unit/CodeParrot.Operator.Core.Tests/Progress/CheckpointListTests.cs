using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Tests.Progress;

public sealed class CheckpointListTests
{
    [Fact]
    public void Keeps_the_newest_fifty_and_the_best()
    {
        var all = Enumerable.Range(1, 80).Select(i => Runs.Checkpoint(i, evalLoss: i == 7 ? 1.0 : 2.0));

        var kept = CheckpointList.Merge([], all);

        Assert.Equal(51, kept.Count);
        Assert.Equal((80L, 31L, 7L), (kept[0].Step, kept[49].Step, kept[50].Step));
    }

    [Fact]
    public void Names_each_checkpoint_once_with_its_newest_facts()
    {
        var kept = CheckpointList.Merge(
            [Runs.Checkpoint(1)],
            [Runs.Checkpoint(1, evalLoss: 2), Runs.Checkpoint(1, "b2")]
        );

        Assert.Equal(2, kept.Count);
        Assert.Equal(2.0, kept.Single(c => c.Branch == "b1").EvalLoss);
    }

    [Fact]
    public void Prefers_the_current_branch_for_a_step()
    {
        var status = new Api.Status.RunStatus
        {
            Branch = "b1",
            Checkpoints = [Runs.Checkpoint(5, "b2"), Runs.Checkpoint(5, "b1")],
        };

        Assert.Equal("b1", CheckpointList.AtStep(status, 5)!.Branch);
        Assert.Null(CheckpointList.AtStep(status, 6));
    }
}
