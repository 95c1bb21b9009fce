using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Data;
using CodeParrot.Training.Guards;
using TorchSharp;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// One optimiser step: this rank's micro-batches, the sum of gradients over all ranks while the last backward pass
/// still runs, the guard's verdict, clipping by the exact global norm, AdamW.
/// </summary>
internal sealed class StepRunner : IDisposable
{
    // Places in the small sum that ends each step; the ranks' own times follow.
    private const int LossPlace = 0;
    private const int SquaresPlace = 1;
    private const int StopPlace = 2;
    private const int CheckpointPlace = 3;
    private const int RanksPlace = 4;

    private readonly Gpt2 _model;
    private readonly ParameterUpdate _update;
    private readonly IProcessGroup _group;
    private readonly BatchFeed _feed;
    private readonly StepGuard _guard;
    private readonly StepPlan _plan;
    private readonly LearningRates _rates;
    private readonly TrainingSpec _training;
    private readonly TimeProvider _time;
    private readonly Model.Precision _precision;
    private readonly int[] _microBatches;
    private readonly torch.Tensor _losses;
    private readonly torch.Tensor[] _lossOf;
    private readonly double[] _lossValues;
    private readonly double[] _shared;
    private readonly StragglerWatch _stragglers;
    private TimeSpan _dataWait;

    public StepRunner(
        RunSpec spec,
        Gpt2 model,
        ParameterUpdate update,
        IProcessGroup group,
        BatchFeed feed,
        StepGuard guard,
        TimeProvider time
    )
    {
        _model = model;
        _update = update;
        _group = group;
        _feed = feed;
        _guard = guard;
        _time = time;
        _plan = StepPlan.Of(spec);
        _rates = new LearningRates(spec.Training);
        _training = spec.Training;
        _precision = Precisions.Of(spec.Training.Precision);
        _microBatches = [.. _plan.MicroBatchesOf(group.Rank, group.WorldSize)];
        _losses = torch
            .zeros(_microBatches.Length, torch.ScalarType.Float64, model.Parameters.device)
            .DetachFromDisposeScope();
        _lossOf = [.. _microBatches.Select((_, i) => _losses.narrow(0, i, 1).DetachFromDisposeScope())];
        _lossValues = new double[_microBatches.Length];
        // The last place is for the vote on a new round: in front it would move the cuts of the sum, and with them
        // bits.
        _shared = new double[RanksPlace + group.WorldSize + 1];
        _stragglers = new StragglerWatch(group.WorldSize);
    }

    /// <summary>
    /// Computes a step and updates the model, unless the guard has it skipped. In steady state it allocates nothing on
    /// the managed heap.
    /// </summary>
    /// <param name="updateIndex">Steps done before it.</param>
    /// <param name="dataStep">Step of the data order that it takes.</param>
    /// <param name="stopWanted">Asked when the gradients are there: whether this rank was told to stop.</param>
    /// <param name="checkpointWanted">Likewise, for a checkpoint.</param>
    /// <param name="regroupWanted">Likewise, for a new round; null for never.</param>
    public StepResult Run(
        long updateIndex,
        long dataStep,
        Func<bool> stopWanted,
        Func<bool> checkpointWanted,
        Func<bool>? regroupWanted = null
    )
    {
        var start = _time.GetTimestamp();
        _update.Begin();
        _dataWait = TimeSpan.Zero;
        for (var i = 0; i < _microBatches.Length; i++)
        {
            var isLast = i == _microBatches.Length - 1;
            RunMicroBatch(updateIndex, dataStep, i, isLast);
        }
        var loss = MeanLoss();
        var computed = _time.GetTimestamp();
        var compute = _time.GetElapsedTime(start, computed) - _dataWait;
        _update.Finish();

        _shared.AsSpan().Clear();
        _shared[StopPlace] = stopWanted() ? 1 : 0;
        _shared[CheckpointPlace] = checkpointWanted() ? 1 : 0;
        _shared[^1] = regroupWanted?.Invoke() == true ? 1 : 0;
        Share(loss, _stragglers.Note(compute));
        var reduced = _time.GetTimestamp();
        var scale = _guard.LossScale;
        var norm = Math.Sqrt(_shared[SquaresPlace]) / scale;
        var verdict = _guard.Judge(_shared[LossPlace], norm);
        var rate = _rates.At(updateIndex);
        if (verdict.Action == StepAction.Update)
        {
            // Undoing the loss scale and clipping are no pass of their own over the gradients.
            _update.Apply(rate, AdamW.ClipFactor(norm, _training.GradientClip) / scale);
        }
        return new StepResult
        {
            Loss = _shared[LossPlace],
            GradientNorm = norm,
            LearningRate = rate,
            Verdict = verdict,
            StopWanted = _shared[StopPlace] > 0,
            CheckpointWanted = _shared[CheckpointPlace] > 0,
            Compute = compute,
            Waiting = _time.GetElapsedTime(computed, reduced),
            DataWait = _dataWait,
            RegroupWanted = _shared[^1] > 0,
            Straggler = _stragglers.Find(_shared.AsSpan(RanksPlace, _group.WorldSize)),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_lossOf, loss => loss.Dispose());
        _losses.Dispose();
    }

    // One small sum carries loss, norm, votes and times, so that none of them costs a round of its own.
    private void Share(double loss, double computeSeconds)
    {
        _shared[LossPlace] = loss;
        _shared[SquaresPlace] = _update.ShareOfSquares();
        _shared[RanksPlace + _group.Rank] = computeSeconds;
        _group.AllReduceSum(_shared.AsSpan());
    }

    private void RunMicroBatch(long updateIndex, long dataStep, int position, bool isLast)
    {
        var asked = _time.GetTimestamp();
        var batch = _feed.Next(dataStep, position);
        _dataWait += _time.GetElapsedTime(asked);
        var micro = new MicroBatch(
            _guard.LossScale / _plan.MicroBatchCount,
            _precision,
            StepPlan.DropoutSeedOf(_training.Seed, updateIndex, _microBatches[position]),
            _training.GradientCheckpointing
        );
        // Only the last pass completes gradients; the ones before it add to all of them.
        _model.Accumulate(batch, micro, _lossOf[position], isLast ? _update.GradientReady : null);
    }

    // The one place of a step that waits for a GPU: all micro-batches are queued by now.
    private double MeanLoss()
    {
        var mean = 0.0;
        if (_lossValues.Length > 0)
        {
            HostRead.CopyTo<double>(_losses, _lossValues);
            foreach (var loss in _lossValues)
            {
                mean += loss / _plan.MicroBatchCount;
            }
        }
        return mean;
    }
}
