using CodeParrot.Contract.Spec;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Tests.Stepping;

public class LearningRatesTests
{
    [Theory]
    [InlineData(ScheduleKind.Cosine, 0, 0)]
    [InlineData(ScheduleKind.Cosine, 3, 0.6)]
    [InlineData(ScheduleKind.Cosine, 5, 1)]
    [InlineData(ScheduleKind.Cosine, 10, 0.75)]
    [InlineData(ScheduleKind.Cosine, 20, 0)]
    [InlineData(ScheduleKind.Cosine, 25, 0)]
    [InlineData(ScheduleKind.Linear, 4, 0.8)]
    [InlineData(ScheduleKind.Linear, 11, 0.6)]
    [InlineData(ScheduleKind.Linear, 20, 0)]
    [InlineData(ScheduleKind.Constant, 1, 0.2)]
    [InlineData(ScheduleKind.Constant, 19, 1)]
    public void Rates_rise_over_the_warmup_and_fall_to_the_last_step(ScheduleKind kind, long update, double expected)
    {
        var rates = Rates(kind, warmupSteps: 5, maxSteps: 20);

        Assert.Equal(4e-3 * expected, rates.At(update), 1e-12);
    }

    [Fact]
    public void Without_a_warmup_the_first_update_runs_at_the_peak()
    {
        Assert.Equal(4e-3, Rates(ScheduleKind.Cosine, warmupSteps: 0, maxSteps: 20).At(0));
    }

    [Fact]
    public void A_warmup_as_long_as_the_run_never_divides_by_zero()
    {
        var rates = Rates(ScheduleKind.Cosine, warmupSteps: 3, maxSteps: 3);

        Assert.All(Enumerable.Range(0, 5), update => Assert.True(double.IsFinite(rates.At(update))));
    }

    private static LearningRates Rates(ScheduleKind kind, int warmupSteps, int maxSteps) =>
        new(
            new TrainingSpec
            {
                LearningRate = 4e-3,
                MaxSteps = maxSteps,
                Schedule = new ScheduleSpec { Kind = kind, WarmupSteps = warmupSteps },
            }
        );
}
