using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Pods;

public sealed class GangSizeTests
{
    [Theory]
    [InlineData("train", null, 4)]
    [InlineData("train", 2, 2)]
    [InlineData("train", 9, 4)]
    [InlineData("train", 0, 1)]
    [InlineData("corpus", 2, 3)]
    [InlineData("evaluate", 2, 1)]
    public void Fewer_pods_are_enough_for_training_alone(string stage, int? least, int expected)
    {
        Assert.Equal(expected, GangSize.LeastOf(Status(stage, least)));
    }

    [Theory]
    [InlineData("0 1", true)]
    [InlineData("0 2 3", true)]
    [InlineData("0", false)]
    [InlineData("1 2", false)]
    [InlineData("1 2 3", false)]
    [InlineData("0 1 2 3", true)]
    public void Pod_0_is_among_those_that_are_enough(string indexes, bool expected)
    {
        var pods = indexes.Split(' ').Select(i => new PodObservation { PodIndex = int.Parse(i) }).ToList();

        Assert.Equal(expected, GangSize.IsEnough(Status("train", 2), pods));
    }

    private static RunStatus Status(string stage, int? least) =>
        new()
        {
            Stage = stage,
            Gang = new GangStatus
            {
                Pods = 4,
                MinPods = least,
                CorpusPods = 3,
            },
        };
}
