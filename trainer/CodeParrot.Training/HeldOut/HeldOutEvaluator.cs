using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model;
using CodeParrot.Training.Data;
using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.HeldOut;

/// <summary>
/// The held-out loss of a finished model by its run's own objective, with what training's evaluations hide.
/// </summary>
public static class HeldOutEvaluator
{
    /// <summary>Evaluates every held-out sequence once, or as many as the spec says, in fp32.</summary>
    /// <param name="model">The model; it is neither changed nor disposed.</param>
    /// <param name="corpus">The token shards of the run.</param>
    /// <param name="spec">Objective, batch size and how many batches.</param>
    /// <param name="progress">Told the sequences done so far, and of how many, after each batch.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <returns>The result, or null where nothing was held out.</returns>
    public static HeldOutResult? Measure(
        Gpt2 model,
        TokenCorpus corpus,
        RunSpec spec,
        Action<long, long> progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(progress);
        var batchSize = spec.Training.BatchSize;
        var objective = ObjectiveChoice.Of(spec.Training.Objective, model.Config.ContextLength, corpus.Manifest);
        using var reader = new BatchReader(corpus.Validation, objective, batchSize, model.Parameters.device);
        var batches = new HeldOutBatches(reader, batchSize, spec.Evaluation.MaxSteps);
        var (sum, targets, sequences) = (0.0, 0L, 0L);
        for (var batch = 0L; batch < batches.Count; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (lossSum, predicted) = batches.Measure(model, Model.Precision.Fp32, batch);
            sum += lossSum;
            targets += predicted;
            sequences += batches.SequencesOf(batch);
            progress(sequences, batches.SequenceCount);
        }
        return sequences == 0 ? null : new HeldOutResult(sum / targets, targets, sequences);
    }
}
