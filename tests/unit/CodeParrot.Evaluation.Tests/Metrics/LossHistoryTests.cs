using CodeParrot.Evaluation.Curves;
using CodeParrot.Evaluation.Metrics;

namespace CodeParrot.Evaluation.Tests.Metrics;

public sealed class LossHistoryTests
{
    [Fact]
    public void Sorts_both_losses_out()
    {
        var history = LossHistory.Of([new(1, 10, 5, null), new(2, 20, 4, null), new(2, 20, null, 4.5)]);

        Assert.Equal([new CurvePoint(10, 5), new(20, 4)], history.Training);
        Assert.Equal([new CurvePoint(20, 4.5)], history.HeldOut);
    }

    [Fact]
    public void Forgets_what_came_after_the_step_a_run_went_back_to()
    {
        var history = LossHistory.Of([new(1, 10, 5, 5.5), new(2, 20, 4, 4.5), new(3, 30, 9, 9.5), new(2, 21, 3, null)]);

        Assert.Equal([new CurvePoint(10, 5), new(21, 3)], history.Training);
        Assert.Equal([new CurvePoint(10, 5.5), new(20, 4.5)], history.HeldOut);
    }

    [Fact]
    public void Is_empty_without_rows()
    {
        var history = LossHistory.Of([]);

        Assert.Empty(history.Training);
        Assert.Empty(history.HeldOut);
    }
}
