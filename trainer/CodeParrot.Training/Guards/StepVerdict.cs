using System.Globalization;
using System.Runtime.InteropServices;

namespace CodeParrot.Training.Guards;

/// <summary>What a guard decides about a step.</summary>
/// <param name="Action">What becomes of it.</param>
/// <param name="Problem">What is wrong with it; an update may have a problem that is only logged.</param>
/// <param name="ZScore">How far a spike stands out, in standard deviations; 0 without one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepVerdict(
    StepAction Action,
    StepProblem Problem = StepProblem.None,
    double ZScore = 0
)
{
    /// <summary>A step that is applied, with nothing to say about it.</summary>
    public static StepVerdict Good => new(StepAction.Update);

    /// <summary>Gets whether the weights can be believed: a loss that is no number may come from broken ones.</summary>
    public bool ProvesWeights => Problem != StepProblem.LossNotFinite;

    /// <summary>Says in a few words what is wrong.</summary>
    public string Describe(double loss, double gradientNorm) =>
        Problem switch
        {
            StepProblem.LossNotFinite => Text($"loss {loss}"),
            StepProblem.GradientNotFinite => Text($"loss {loss:G5}, gradient norm {gradientNorm}"),
            StepProblem.Overflow => "the gradient overflowed, the loss scale is halved",
            StepProblem.LossSpike => Text($"loss {loss:G5} is {ZScore:F1} standard deviations above those before"),
            StepProblem.GradientSpike => Text(
                $"gradient norm {gradientNorm:G5} is {ZScore:F1} standard deviations above those before"
            ),
            _ => "",
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
