using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;

namespace CodeParrot.Training.Stepping;

/// <summary>
/// What becomes of a step's gradients: they are summed over all ranks while the last backward pass still runs,
/// measured, scaled, and turned into an update of the parameters, which are the same on all ranks afterwards.
/// </summary>
/// <remarks>
/// A step calls <see cref="Begin"/>, then gives <see cref="GradientReady"/> to its last backward pass, and from
/// <see cref="Finish"/> on every rank calls the same members in the same order. A step that is skipped ends after
/// <see cref="Finish"/>, on all ranks alike.
/// </remarks>
internal sealed class ParameterUpdate : IDisposable
{
    private readonly AdamW _optimiser;
    private readonly GradientReducer? _reducer;
    private readonly IReadOnlyList<ParameterRange> _measured;

    /// <summary>Takes hold of the model's gradient buffer; model, optimiser and group are not disposed by it.</summary>
    public ParameterUpdate(Gpt2 model, AdamW optimiser, IProcessGroup group)
    {
        _optimiser = optimiser;
        var share = new Partition(model.Gradients.numel(), group.WorldSize);
        _measured = [new ParameterRange(share.Offset(group.Rank), share.Count(group.Rank))];
        if (group.WorldSize > 1)
        {
            _reducer = new GradientReducer(group, LibTorch.DataPointer(model.Gradients), model.Gradients.numel());
            GradientReady = range => _reducer.Start(range.Offset, range.Count);
        }
    }

    /// <summary>
    /// To be called by the last backward pass of a step with each range that it has completed; null when there is
    /// nobody to exchange gradients with.
    /// </summary>
    public Action<ParameterRange>? GradientReady { get; }

    /// <summary>Sets all gradients to zero, for a step's backward passes to add to.</summary>
    public void Begin() => _optimiser.ZeroGradients();

    /// <summary>Returns when the gradients are summed over all ranks.</summary>
    /// <exception cref="PeerLostException">A rank was lost; the gradients are of no use.</exception>
    public void Finish() => _reducer?.Finish();

    /// <summary>
    /// This rank's share of the sum of squares of the summed gradients, in fp64: the shares of all ranks add up to the
    /// square of the global norm. Not finite if a gradient in the share is not.
    /// </summary>
    public double ShareOfSquares() => _measured.Sum(_optimiser.SumOfSquaredGradients);

    /// <summary>Multiplies the summed gradients, as clipping does.</summary>
    public void ScaleGradients(double factor) => _optimiser.ScaleGradients(factor);

    /// <summary>Updates the parameters on all ranks from the summed gradients.</summary>
    public void Apply(double learningRate) => _optimiser.Step(learningRate);

    /// <inheritdoc/>
    public void Dispose() => _reducer?.Dispose();
}
