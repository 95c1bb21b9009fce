using CodeParrot.Model;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Data;

namespace CodeParrot.Training.Engine;

/// <summary>What rank 0 says of an attempt before its first step.</summary>
internal sealed class StartAnnouncement(TrainingContext context, RunStart start, Gpt2 model)
{
    /// <summary>Says it; other ranks say nothing.</summary>
    /// <param name="plan">What a step consists of.</param>
    /// <param name="sequences">What there is to train on, as in "13 sequences".</param>
    /// <param name="peak">What utilisation is measured against; null where it is not known.</param>
    /// <param name="isEvaluated">Whether there is anything held out.</param>
    public void Make(StepPlan plan, string sequences, PeakRate? peak, bool isEvaluated)
    {
        if (context.Group.Rank != 0)
        {
            return;
        }
        var training = context.Manifest.Spec.Training;
        var from =
            start.Held is { } held
                ? $"goes on at step {held.Position.Step} from the memory of rank {context.StateSource}"
            : start.Checkpoint is { } checkpoint
                ? $"goes on from checkpoint {checkpoint.Reference} (step {checkpoint.Manifest.Step})"
            : "starts afresh";
        context.Observer.Information(
            $"training {from}: {model.Config.ParameterCount:N0} parameters, {sequences} of "
                + $"{model.Config.ContextLength} tokens, {plan.SamplesPerStep} sequences a step on "
                + $"{context.Group.WorldSize} ranks, {training.MaxSteps} steps"
        );
        if (peak is not null)
        {
            context.Observer.Information(
                $"utilisation (MFU) is measured against {peak.OperationsPerSecond / 1e12:F3} TFLOP/s a rank: "
                    + peak.Source
            );
        }
        if (start.Precision != training.Precision)
        {
            context.Observer.Information(
                $"matrix products are computed in {start.Precision}, not {training.Precision}: "
                    + "this processor is faster at it, and it rounds less"
            );
        }
        if (!isEvaluated)
        {
            context.Observer.Warning(
                $"the validation split holds no sequence of {model.Config.ContextLength} tokens: there is no "
                    + "evaluation loss; raise spec.corpus.validationFraction"
            );
        }
    }
}
