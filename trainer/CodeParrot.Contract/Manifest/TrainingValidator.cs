using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in <c>spec.training</c>, <c>spec.evaluation</c> and <c>spec.checkpoints</c>.</summary>
internal static class TrainingValidator
{
    // A spread taken from fewer steps is chance.
    private const int MinWindowSteps = 16;
    private const int MaxWindowSteps = 8192;

    // At 1,024 tokens each these are 8 GiB a rank.
    private const int MaxShuffleBuffer = 1024 * 1024;

    public static void Check(RunSpec spec, MistakeList mistakes)
    {
        CheckTraining(spec.Training, mistakes);
        mistakes.AtLeast(spec.Evaluation.EverySteps, 0, "spec.evaluation.everySteps");
        mistakes.AtLeast(spec.Evaluation.MaxSteps, -1, "spec.evaluation.maxSteps");
        HumanEvalValidator.Check(spec, mistakes);
        mistakes.AtLeast(spec.Checkpoints.EverySteps, 1, "spec.checkpoints.everySteps");
        mistakes.AtLeast(spec.Checkpoints.Keep.Last, 1, "spec.checkpoints.keep.last");
        mistakes.AtLeast(spec.Checkpoints.Keep.EverySteps, 0, "spec.checkpoints.keep.everySteps");
        mistakes.AtLeast(spec.Checkpoints.Keep.Best, 0, "spec.checkpoints.keep.best");
    }

    private static void CheckTraining(TrainingSpec training, MistakeList mistakes)
    {
        const string path = "spec.training";
        mistakes.AtLeast(training.BatchSize, 1, path + ".batchSize");
        mistakes.AtLeast(training.GradientAccumulation, 1, path + ".gradientAccumulation");
        mistakes.AtLeast(training.MaxSteps, 1, path + ".maxSteps");
        mistakes.Check(
            training.LearningRate > 0,
            path + ".learningRate",
            $"must be greater than 0, was {training.LearningRate}"
        );
        if (training.Schedule.WarmupSteps is { } warmup)
        {
            mistakes.Check(
                warmup >= 0 && warmup <= training.MaxSteps,
                path + ".schedule.warmupSteps",
                $"must be between 0 and maxSteps ({training.MaxSteps}), was {warmup}"
            );
        }

        mistakes.AtLeast(training.WeightDecay, 0, path + ".weightDecay");
        mistakes.AtLeast(training.GradientClip, 0, path + ".gradientClip");
        if (training.Data.ShuffleBuffer is { } sequences)
        {
            mistakes.Between(sequences, 1, MaxShuffleBuffer, path + ".data.shuffleBuffer");
        }
        CheckGuards(training.Guards, path + ".guards", mistakes);
    }

    private static void CheckGuards(GuardsSpec guards, string path, MistakeList mistakes)
    {
        mistakes.AtLeast(guards.MaxBadSteps, 1, path + ".maxBadSteps");
        mistakes.Between(guards.Spikes.WindowSteps, MinWindowSteps, MaxWindowSteps, path + ".spikes.windowSteps");
        mistakes.AtLeast(guards.Spikes.LossZScore, 0, path + ".spikes.lossZScore");
        mistakes.AtLeast(guards.Spikes.GradientNormZScore, 0, path + ".spikes.gradientNormZScore");
        mistakes.AtLeast(guards.Spikes.Patience, 1, path + ".spikes.patience");
    }
}
