using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// What becomes of a step's gradients: they are summed over all ranks while the last backward pass still runs,
/// measured, and turned, scaled, into an update of the parameters, which are the same on all ranks afterwards.
/// </summary>
/// <remarks>
/// A step calls <see cref="Begin"/>, then gives <see cref="GradientReady"/> to its last backward pass, and from
/// <see cref="Finish"/> on every rank calls the same members in the same order. A step that is skipped ends after
/// <see cref="Finish"/>, on all ranks alike.
/// </remarks>
internal sealed class ParameterUpdate : IDisposable
{
    private readonly AdamW _optimiser;
    private readonly FlatNorm _share;
    private readonly IGradientReducer? _reducer;
    private readonly ParameterGather? _gather;

    /// <summary>Takes hold of the model's gradient buffer; model, optimiser and group are not disposed by it.</summary>
    /// <param name="model">The model; its gradients are this type's from now on.</param>
    /// <param name="optimiser">Updates <see cref="Sharding.UpdatedSlices"/>.</param>
    /// <param name="sharding">Who updates what.</param>
    /// <param name="group">The ranks.</param>
    /// <param name="exchange">Sums and gathers where the model's buffers lie.</param>
    public ParameterUpdate(
        Gpt2 model,
        AdamW optimiser,
        Sharding sharding,
        IProcessGroup group,
        IBufferExchange exchange
    )
    {
        _optimiser = optimiser;
        // Without sharding every rank could measure everything; it measures a part, so as to get the same bits as with.
        _share = new FlatNorm(model.Gradients, sharding.OwnSlices);
        if (group.WorldSize > 1)
        {
            _reducer = exchange.NewReducer(
                LibTorch.DataPointer(model.Gradients),
                sharding.Grid,
                sharding.IsSharded ? ReducedTo.OwnerOnly : ReducedTo.EveryRank,
                sharding.BackwardOrder()
            );
            GradientReady = range => _reducer.Start(range.Offset, range.Count);
            _gather = sharding.IsSharded ? new ParameterGather(model, sharding.Grid, group.Rank, exchange) : null;
        }
    }

    /// <summary>
    /// To be called by the last backward pass of a step with each range that it has completed; null when there is
    /// nobody to exchange gradients with.
    /// </summary>
    public Action<ParameterRange>? GradientReady { get; }

    /// <summary>
    /// Gets whether an update ended in the middle: parameters and moments are then neither those before nor after it.
    /// </summary>
    public bool IsTorn { get; private set; }

    /// <summary>Sets all gradients to zero, for a step's backward passes to add to.</summary>
    public void Begin() => _optimiser.ZeroGradients();

    /// <summary>Returns when the gradients that this rank needs are summed over all ranks.</summary>
    /// <exception cref="PeerLostException">A rank was lost; the gradients are of no use.</exception>
    public void Finish() => _reducer?.Finish();

    /// <summary>
    /// This rank's share of the sum of squares of the summed gradients, in fp64: the shares of all ranks add up to the
    /// square of the global norm. Not finite if a gradient in the share is not.
    /// </summary>
    public double ShareOfSquares() => _share.SumOfSquares();

    /// <summary>Updates the parameters on all ranks from the summed gradients times a factor.</summary>
    /// <exception cref="PeerLostException">A rank was lost before all had the new parameters.</exception>
    public void Apply(double learningRate, double gradientFactor)
    {
        IsTorn = true;
        _optimiser.Step(learningRate, gradientFactor);
        _gather?.Run();
        IsTorn = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _reducer?.Dispose();
}
