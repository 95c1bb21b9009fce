using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Data;
using TorchSharp;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// One optimiser step: this rank's micro-batches, the sum of gradients over all ranks while the last backward pass
/// still runs, clipping by the exact global norm, AdamW.
/// </summary>
internal sealed class StepRunner
{
    private readonly Gpt2 _model;
    private readonly ParameterUpdate _update;
    private readonly IProcessGroup _group;
    private readonly BatchReader _reader;
    private readonly SampleOrder _order;
    private readonly StepPlan _plan;
    private readonly LearningRates _rates;
    private readonly TrainingSpec _training;
    private readonly TimeProvider _time;
    private readonly Model.Precision _precision;
    private readonly int[] _microBatches;
    private readonly long[] _sequences;
    private readonly ulong[] _keys;

    public StepRunner(
        RunSpec spec,
        Gpt2 model,
        ParameterUpdate update,
        IProcessGroup group,
        BatchReader reader,
        SampleOrder order,
        TimeProvider time
    )
    {
        _model = model;
        _update = update;
        _group = group;
        _reader = reader;
        _order = order;
        _time = time;
        _plan = StepPlan.Of(spec);
        _rates = new LearningRates(spec.Training);
        _training = spec.Training;
        _precision = Precisions.Of(spec.Training.Precision);
        _microBatches = [.. _plan.MicroBatchesOf(group.Rank, group.WorldSize)];
        _sequences = new long[_plan.BatchSize];
        _keys = new ulong[_plan.BatchSize];
    }

    /// <summary>Computes a step and updates the model.</summary>
    /// <param name="updateIndex">Updates done before it.</param>
    /// <param name="dataStep">Step of the data order that it takes.</param>
    /// <param name="stopWanted">Asked when the gradients are there: whether this rank was told to stop.</param>
    /// <param name="checkpointWanted">Likewise, for a checkpoint.</param>
    /// <exception cref="DivergedException">
    /// Loss or gradient is not a number, on all ranks alike; nothing was updated.
    /// </exception>
    public StepResult Run(long updateIndex, long dataStep, Func<bool> stopWanted, Func<bool> checkpointWanted)
    {
        using var scope = torch.NewDisposeScope();
        var start = _time.GetTimestamp();
        _update.Begin();
        var losses = new torch.Tensor[_microBatches.Length];
        for (var i = 0; i < _microBatches.Length; i++)
        {
            var isLast = i == _microBatches.Length - 1;
            losses[i] = RunMicroBatch(updateIndex, dataStep, _microBatches[i], isLast);
        }
        var loss = MeanOf(losses);
        var computed = _time.GetTimestamp();
        _update.Finish();

        // One small sum carries loss, norm and votes, so that neither clipping nor stopping costs a round of its own.
        double[] votes = [loss, _update.ShareOfSquares(), stopWanted() ? 1 : 0, checkpointWanted() ? 1 : 0];
        _group.AllReduceSum(votes.AsSpan());
        var reduced = _time.GetTimestamp();
        var norm = Math.Sqrt(votes[1]);
        if (!double.IsFinite(votes[0]) || !double.IsFinite(norm))
        {
            throw DivergedException.InStep(updateIndex + 1, votes[0], norm);
        }
        Clip(norm);
        var rate = _rates.At(updateIndex);
        _update.Apply(rate);
        return new StepResult(
            votes[0],
            norm,
            rate,
            votes[2] > 0,
            votes[3] > 0,
            _time.GetElapsedTime(start, computed),
            _time.GetElapsedTime(computed, reduced)
        );
    }

    private torch.Tensor RunMicroBatch(long updateIndex, long dataStep, int microBatch, bool isLast)
    {
        var first = _plan.FirstSampleOf(dataStep, microBatch);
        for (var row = 0; row < _sequences.Length; row++)
        {
            _sequences[row] = _order.SequenceAt(first + row);
            _keys[row] = StepPlan.ObjectiveKeyOf(_training.Seed, first + row);
        }
        using var scope = torch.NewDisposeScope();
        var batch = _reader.Read(_sequences, _keys);
        var micro = new MicroBatch(
            1.0 / _plan.MicroBatchCount,
            _precision,
            StepPlan.DropoutSeedOf(_training.Seed, updateIndex, microBatch),
            _training.GradientCheckpointing
        );
        // Only the last pass completes gradients; the ones before it add to all of them.
        var ready = isLast ? _update.GradientReady : null;
        return _model.Accumulate(batch, micro, ready).MoveToOuterDisposeScope();
    }

    // The one place of a step that waits for a GPU: all micro-batches are queued by now.
    private double MeanOf(torch.Tensor[] losses)
    {
        var mean = 0.0;
        if (losses.Length > 0)
        {
            using var all = torch.cat(losses).cpu();
            foreach (var loss in LibTorch.Span<double>(all, 0, losses.Length))
            {
                mean += loss / _plan.MicroBatchCount;
            }
        }
        return mean;
    }

    private void Clip(double norm)
    {
        // As torch does: the small term keeps the factor finite for a norm of 0.
        var factor = _training.GradientClip / (norm + 1e-6);
        if (_training.GradientClip > 0 && factor < 1)
        {
            _update.ScaleGradients(factor);
        }
    }
}
