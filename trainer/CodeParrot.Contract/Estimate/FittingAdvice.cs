using System.Globalization;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Estimate;

/// <summary>What to change in a spec so that a rank needs less memory, by the estimate of <c>explain</c>.</summary>
public static class FittingAdvice
{
    private const double Gibi = 1 << 30;

    /// <summary>
    /// Returns the changes that help, one a line with the memory of a rank after it; those that a run may take at its
    /// next attempt come first, and identity fields, which need a run of another name, last.
    /// </summary>
    /// <param name="resolved">The resolved spec.</param>
    /// <param name="shape">Sizes of its model.</param>
    /// <param name="limitBytes">Memory that there is; lines say what fits into it. Null where it is not known.</param>
    public static IReadOnlyList<string> Of(RunSpec resolved, ModelShape shape, long? limitBytes)
    {
        var lines = new List<string>();
        var best = resolved;
        foreach (var (change, next) in RecipeChanges(resolved))
        {
            Add(change, next(resolved));
            best = next(best);
        }
        if (lines.Count > 1)
        {
            Add("all of these", best);
        }
        // A divisor of the micro-batch, and as many times more of them: the step stays the same.
        var size = resolved.Training.BatchSize;
        for (var parts = 2; parts <= size; parts++)
        {
            var accumulation = resolved.Training.GradientAccumulation * parts;
            var smaller = WithTraining(
                resolved,
                t => t with { BatchSize = size / parts, GradientAccumulation = accumulation }
            );
            if (size % parts == 0 && (parts == size || Fits(smaller)))
            {
                Add(
                    $"batchSize {size / parts} with gradientAccumulation {accumulation}, in a run of another name",
                    smaller
                );
                break;
            }
        }
        return lines;

        void Add(string change, RunSpec spec)
        {
            var bytes = RunEstimate.Of(spec, shape).RankBytes;
            if (bytes < RunEstimate.Of(resolved, shape).RankBytes)
            {
                lines.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{change}: about {bytes / Gibi:F1} GiB a rank")
                        + (
                            limitBytes is null ? ""
                            : Fits(spec) ? ", which fits"
                            : ", which is still too much"
                        )
                );
            }
        }

        bool Fits(RunSpec spec) => limitBytes is { } limit && RunEstimate.Of(spec, shape).RankBytes <= limit;
    }

    private static IEnumerable<(string Change, Func<RunSpec, RunSpec> Next)> RecipeChanges(RunSpec spec)
    {
        if (!spec.Training.GradientCheckpointing)
        {
            yield return (
                "training.gradientCheckpointing: true",
                s => WithTraining(s, t => t with { GradientCheckpointing = true })
            );
        }
        if (spec.Training.Precision == Precision.Fp32)
        {
            yield return ("training.precision: Bf16", s => WithTraining(s, t => t with { Precision = Precision.Bf16 }));
        }
        if (!spec.Training.OptimizerSharding && spec.Workers.Count > 1)
        {
            yield return (
                "training.optimizerSharding: true",
                s => WithTraining(s, t => t with { OptimizerSharding = true })
            );
        }
    }

    private static RunSpec WithTraining(RunSpec spec, Func<TrainingSpec, TrainingSpec> change) =>
        spec with
        {
            Training = change(spec.Training),
        };
}
