using CodeParrot.Model.Native;

namespace CodeParrot.Model;

/// <summary>
/// An optimiser's slices within one range of the buffers, as views made once: all of them are updated in one call.
/// </summary>
internal sealed class FusedSlices : IDisposable
{
    private readonly NativeTensor[] _parameters;
    private readonly NativeTensor[] _gradients;
    private readonly NativeTensor[] _first;
    private readonly NativeTensor[] _second;

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

        using var scope = TensorScope.Open();
        var (parameters, gradients) = (NativeTensor.Share(model.Parameters), NativeTensor.Share(model.Gradients));
        var first = NativeTensor.Share(optimiser.FirstMoment);
        var second = NativeTensor.Share(optimiser.SecondMoment);
        _parameters = [.. places.Select(p => View(parameters, p.Slice.Offset, p.Slice.Count))];
        _gradients = [.. places.Select(p => View(gradients, p.Slice.Offset, p.Slice.Count))];
        _first = [.. places.Select(p => View(first, p.Moment, p.Slice.Count))];
        _second = [.. places.Select(p => View(second, p.Moment, p.Slice.Count))];
    }

    /// <summary>
    /// Updates all slices; <paramref name="step"/> holds the number of this step, from 1. A divisor, if
    /// there is one, divides the gradients first.
    /// </summary>
    public void Update(
        NativeTensor step,
        double learningRate,
        double weightDecay,
        AdamWOptions options,
        NativeTensor divisor
    )
    {
        if (_parameters.Length > 0)
        {
            FusedAdamW.Run(_parameters, _gradients, _first, _second, step, learningRate, weightDecay, options, divisor);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var views in new[] { _parameters, _gradients, _first, _second })
        {
            Array.ForEach(views, view => view.Free());
            Array.Clear(views);
        }
    }

    private static NativeTensor View(NativeTensor flat, long offset, long count) =>
        flat.Narrow(0, offset, count).Keep();
}
