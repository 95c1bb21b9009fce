using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model;

/// <summary>
/// An optimiser's slices within one range of the buffers, as views made once: all of them are updated in one call.
/// </summary>
internal sealed class FusedSlices : IDisposable
{
    private readonly torch.Tensor[] _parameters;
    private readonly torch.Tensor[] _gradients;
    private readonly torch.Tensor[] _first;
    private readonly torch.Tensor[] _second;

    /// <summary>Cuts the optimiser's slices to a range; the model and the moments must outlive the views.</summary>
    public FusedSlices(Gpt2 model, AdamW optimiser, ParameterRange range)
    {
        // Where a slice begins in the buffers, and where its moments do.
        var places = new List<(ParameterRange Slice, long Moment)>();
        var moment = 0L;
        foreach (var slice in optimiser.Slices)
        {
            var start = Math.Max(slice.Offset, range.Offset);
            var end = Math.Min(slice.End, range.End);
            if (start < end)
            {
                places.Add((new(start, end - start), moment + start - slice.Offset));
            }

            moment += slice.Count;
        }

        _parameters = [.. places.Select(p => View(model.Parameters, p.Slice.Offset, p.Slice.Count))];
        _gradients = [.. places.Select(p => View(model.Gradients, p.Slice.Offset, p.Slice.Count))];
        _first = [.. places.Select(p => View(optimiser.FirstMoment, p.Moment, p.Slice.Count))];
        _second = [.. places.Select(p => View(optimiser.SecondMoment, p.Moment, p.Slice.Count))];
    }

    /// <summary>
    /// Updates all slices; <paramref name="step"/> holds the number of this step, from 1. A divisor divides the
    /// gradients first.
    /// </summary>
    public void Update(
        torch.Tensor step,
        double learningRate,
        double weightDecay,
        AdamWOptions options,
        torch.Tensor? divisor
    )
    {
        if (_parameters.Length > 0)
        {
            LibTorch.FusedAdamW(
                _parameters,
                _gradients,
                _first,
                _second,
                step,
                learningRate,
                weightDecay,
                options,
                divisor
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _parameters.Concat(_gradients).Concat(_first).Concat(_second))
        {
            view.Dispose();
        }
    }

    private static torch.Tensor View(torch.Tensor flat, long offset, long count) =>
        flat.narrow(0, offset, count).DetachFromDisposeScope();
}
