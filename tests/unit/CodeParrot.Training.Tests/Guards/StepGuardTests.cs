using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Tests.Guards;

public class StepGuardTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    // loss, norm → what becomes of each step, with at most two bad steps in a row
    public static TheoryData<string, double[], double[], string> BadSteps =>
        new()
        {
            { "numbers", [3, 2], [1, 1], "Update None, Update None" },
            { "one bad loss", [NaN, 2], [1, 1], "Skip LossNotFinite, Update None" },
            { "one bad gradient", [3, 2], [Infinity, 1], "Skip GradientNotFinite, Update None" },
            { "two in a row", [NaN, Infinity], [NaN, 1], "Skip LossNotFinite, Diverge LossNotFinite" },
            { "two apart", [NaN, 2, NaN], [1, 1, 1], "Skip LossNotFinite, Update None, Skip LossNotFinite" },
            { "mixed", [3, NaN], [NaN, 1], "Skip GradientNotFinite, Diverge LossNotFinite" },
        };

    [Theory]
    [MemberData(nameof(BadSteps))]
    public void A_step_that_is_no_number_is_skipped_and_a_second_in_a_row_is_the_end(
        string name,
        double[] losses,
        double[] norms,
        string expected
    )
    {
        var guard = new StepGuard(new GuardsSpec { MaxBadSteps = 2 }, Precision.Fp32);

        var verdicts = losses.Zip(norms).Select(s => guard.Judge(s.First, s.Second)).ToList();

        Assert.Equal(expected, string.Join(", ", verdicts.Select(v => $"{v.Action} {v.Problem}")));
        Assert.True(verdicts.Count(v => v.Action != StepAction.Update) == guard.SkippedSteps, name);
        Assert.Equal(1, guard.LossScale);
    }

    [Fact]
    public void An_overflow_halves_the_loss_scale_and_counts_only_at_the_floor()
    {
        var guard = new StepGuard(new GuardsSpec { MaxBadSteps = 2 }, Precision.Fp16);
        var scales = new List<double>();

        // 65536 is sixteen halvings above 1.
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(new StepVerdict(StepAction.Skip, StepProblem.Overflow), guard.Judge(3, Infinity));
            scales.Add(guard.LossScale);
        }

        Assert.Equal(Enumerable.Range(0, 16).Select(i => Math.Pow(2, 15 - i)), scales);
        Assert.Equal(StepAction.Skip, guard.Judge(3, Infinity).Action);
        Assert.Equal(StepAction.Diverge, guard.Judge(3, Infinity).Action);
        Assert.Equal(1, guard.LossScale);
    }

    [Fact]
    public void A_loss_that_is_no_number_counts_whatever_the_scale_is()
    {
        var guard = new StepGuard(new GuardsSpec { MaxBadSteps = 2 }, Precision.Fp16);

        Assert.Equal(StepAction.Skip, guard.Judge(NaN, NaN).Action);
        Assert.Equal(StepAction.Diverge, guard.Judge(NaN, NaN).Action);
    }

    [Theory]
    [InlineData(SpikeAction.Log, "Update LossSpike, Update LossSpike, Update LossSpike, Update None")]
    [InlineData(SpikeAction.Skip, "Skip LossSpike, Skip LossSpike, Update LossSpike, Update None")]
    [InlineData(SpikeAction.RollBack, "Skip LossSpike, Skip LossSpike, RollBack LossSpike, RollBack LossSpike")]
    public void Spikes_in_a_row_are_acted_on_until_patience_ends(SpikeAction action, string expected)
    {
        var guard = Seasoned(action);

        var verdicts = Enumerable.Repeat(9.0, 4).Select(loss => guard.Judge(loss, 1)).ToList();

        Assert.Equal(expected, string.Join(", ", verdicts.Select(v => $"{v.Action} {v.Problem}")));
    }

    [Theory]
    [InlineData(2.0, 9.0, StepProblem.GradientSpike)]
    [InlineData(9.0, 9.0, StepProblem.LossSpike)]
    [InlineData(0.1, 0.1, StepProblem.None)]
    [InlineData(2.1, 1.1, StepProblem.None)]
    public void Only_what_rises_far_above_the_window_is_a_spike(double loss, double norm, object problem)
    {
        Assert.Equal(problem, Seasoned(SpikeAction.Log).Judge(loss, norm).Problem);
    }

    [Fact]
    public void A_good_step_between_spikes_restores_patience()
    {
        var guard = Seasoned(SpikeAction.RollBack);

        double[] losses = [9, 9, 2, 9, 9, 2];

        Assert.DoesNotContain(losses.Select(loss => guard.Judge(loss, 1).Action), a => a == StepAction.RollBack);
    }

    [Fact]
    public void A_score_of_zero_switches_the_check_off()
    {
        var spikes = new SpikesSpec
        {
            WindowSteps = 16,
            LossZScore = 0,
            GradientNormZScore = 0,
        };
        var guard = Seasoned(new GuardsSpec { Spikes = spikes });

        Assert.Equal(StepVerdict.Good, guard.Judge(1e9, 1e9));
    }

    [Fact]
    public void Nothing_is_judged_before_the_window_is_full()
    {
        var guard = new StepGuard(new GuardsSpec(), Precision.Fp32);

        for (var step = 0; step < 128; step++)
        {
            Assert.Equal(StepVerdict.Good, guard.Judge(step == 100 ? 1e6 : 2 + (step % 2), 1));
        }
    }

    [Fact]
    public void A_resumed_guard_judges_as_an_undisturbed_one()
    {
        var random = new Random(5);
        var steps = Enumerable.Range(0, 400).Select(_ => Step(random)).ToList();
        foreach (var stop in new[] { 1, 17, 100, 399 })
        {
            var undisturbed = Seasoned(SpikeAction.Skip, Precision.Fp16);
            var stopped = Seasoned(SpikeAction.Skip, Precision.Fp16);
            steps.Take(stop).ToList().ForEach(s => stopped.Judge(s.Loss, s.Norm));
            var resumed = new StepGuard(Spec(SpikeAction.Skip), Precision.Fp16);
            var json = JsonSerializer.Serialize(stopped.Save(), ContractJson.Indented);

            resumed.Restore(JsonSerializer.Deserialize<GuardState>(json, ContractJson.Indented)!);

            steps.Take(stop).ToList().ForEach(s => undisturbed.Judge(s.Loss, s.Norm));
            foreach (var (loss, norm) in steps.Skip(stop))
            {
                Assert.Equal(undisturbed.Judge(loss, norm), resumed.Judge(loss, norm));
                Assert.Equal(undisturbed.LossScale, resumed.LossScale);
            }
            Assert.Equal(undisturbed.SkippedSteps, resumed.SkippedSteps);
            Assert.True(resumed.SkippedSteps > 0);
        }
    }

    private static (double Loss, double Norm) Step(Random random) =>
        (random.Next(20) == 0 ? 9 : 2 + random.NextDouble(), random.Next(30) == 0 ? Infinity : 1 + random.NextDouble());

    private static GuardsSpec Spec(SpikeAction action) =>
        new()
        {
            Spikes = new SpikesSpec { Action = action, WindowSteps = 16 },
        };

    private static StepGuard Seasoned(SpikeAction action, Precision precision = Precision.Fp32) =>
        Seasoned(Spec(action), precision);

    // Sixteen losses of 2 ± 0.1 and norms of 1 ± 0.1.
    private static StepGuard Seasoned(GuardsSpec spec, Precision precision = Precision.Fp32)
    {
        var guard = new StepGuard(spec, precision);
        for (var i = 0; i < 16; i++)
        {
            var swing = i % 2 == 0 ? 0.1 : -0.1;
            guard.Judge(2 + swing, 1 + swing);
        }
        return guard;
    }
}
