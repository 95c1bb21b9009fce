using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) over slices of a model's flat buffers, by default over all of it: one fused pass
/// over what is decayed, one over the rest, which undoes a loss scale and clips by the way. Clipping follows torch:
/// gradients are scaled by <c>max / (norm + 1e-6)</c> where that is below 1.
/// </summary>
/// <remarks>
/// An element's new value depends on its own gradient and moments, and in the last bit on where the slices are cut: a
/// vector kernel rounds the odd elements at a slice's end otherwise. Optimisers with the same cuts agree bit for bit on
/// what they both own.
/// </remarks>
public sealed class AdamW : IDisposable
{
    private readonly Gpt2 _model;
    private readonly AdamWOptions _options;
    private NativeTensor _step;
    private NativeTensor _divisor;
    private readonly FusedSlices _decayed;
    private readonly FusedSlices _others;
    private readonly FlatNorm _all;

    /// <summary>An optimiser at step 0, with moments zero. It does not own the model.</summary>
    /// <param name="model">The model whose parameters it updates.</param>
    /// <param name="options">Constants.</param>
    /// <param name="slices">
    /// What it updates and holds moments for, in buffer order, without overlap; null for all parameters.
    /// </param>
    /// <exception cref="ModelConfigurationException">A constant is out of range.</exception>
    /// <exception cref="ArgumentException">The slices overlap, or leave the buffer.</exception>
    public AdamW(Gpt2 model, AdamWOptions options, IReadOnlyList<ParameterRange>? slices = null)
        : this(model, options, slices, moments: null) { }

    private AdamW(
        Gpt2 model,
        AdamWOptions options,
        IReadOnlyList<ParameterRange>? slices,
        (torch.Tensor First, torch.Tensor Second)? moments
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate().ToList();
        if (errors.Count > 0)
        {
            throw new ModelConfigurationException(errors);
        }

        LibTorch.Verify();
        _model = model;
        _options = options;
        Slices = slices ?? [new(0, model.Parameters.numel())];
        ThrowIfNotOrdered(Slices, model.Parameters.numel());
        using var scope = torch.NewDisposeScope();
        var shape = new[] { Slices.Sum(slice => slice.Count) };
        (FirstMoment, SecondMoment) =
            moments
            ?? (
                torch.zeros(shape, torch.ScalarType.Float32, model.Parameters.device).DetachFromDisposeScope(),
                torch.zeros(shape, torch.ScalarType.Float32, model.Parameters.device).DetachFromDisposeScope()
            );
        _all = new FlatNorm(model.Gradients, [new(0, model.Parameters.numel())]);
        using var handles = TensorScope.Open();
        var parameters = NativeTensor.Share(model.Parameters);
        _step = parameters.NewZeros(torch.ScalarType.Float32, 1).Keep();
        _divisor = parameters.NewZeros(torch.ScalarType.Float32, 1).Keep();
        _decayed = new FusedSlices(model, this, new(0, model.DecayedCount));
        _others = new FusedSlices(model, this, new(model.DecayedCount, model.Parameters.numel() - model.DecayedCount));
    }

    /// <summary>What it updates, in buffer order.</summary>
    public IReadOnlyList<ParameterRange> Slices { get; }

    /// <summary>
    /// Running mean of gradients, fp32, <see cref="Slices"/> one after another. Owned by the optimiser.
    /// </summary>
    public torch.Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, likewise. Owned by the optimiser.</summary>
    public torch.Tensor SecondMoment { get; }

    /// <summary>Updates done so far; part of the state, since bias correction depends on it.</summary>
    public long StepCount { get; set; }

    /// <summary>Updates its slices of the parameters from the model's gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="gradientFactor">
    /// What gradients are multiplied by first, where they lie and in the same pass over memory; with 1 they stay as
    /// they are. Of gradients that other slices own nothing is touched.
    /// </param>
    public void Step(double learningRate, double gradientFactor = 1)
    {
        using var noGradient = GradientMode.Off();
        StepCount++;
        using var count = NativeScalar.Of((float)StepCount);
        _step.Fill_(count);
        var divisor = gradientFactor == 1 ? default : _divisor;
        if (!divisor.IsNone)
        {
            using var inverse = NativeScalar.Of((float)(1 / gradientFactor));
            divisor.Fill_(inverse);
        }

        _decayed.Update(_step, learningRate, _options.WeightDecay, _options, divisor);
        _others.Update(_step, learningRate, weightDecay: 0, _options, divisor);
    }

    /// <summary>
    /// Returns an optimiser of the same state that cuts the parameters elsewhere, and disposes this one but for the
    /// moments, which are the other's from now on.
    /// </summary>
    /// <param name="slices">All parameters, in buffer order.</param>
    /// <exception cref="ArgumentException">This optimiser, or the slices, leave parameters out.</exception>
    public AdamW Recut(IReadOnlyList<ParameterRange> slices)
    {
        ArgumentNullException.ThrowIfNull(slices);
        var all = _model.Parameters.numel();
        if (FirstMoment.numel() != all || slices.Sum(slice => slice.Count) != all)
        {
            throw new ArgumentException($"must be all {all} parameters, before and after", nameof(slices));
        }

        var recut = new AdamW(_model, _options, slices, (FirstMoment, SecondMoment)) { StepCount = StepCount };
        DisposeViews();
        return recut;
    }

    /// <summary>What clipping multiplies gradients by, at most 1.</summary>
    /// <param name="norm">Their global norm.</param>
    /// <param name="maxNorm">Largest norm afterwards; 0 does not clip.</param>
    public static double ClipFactor(double norm, double maxNorm) =>
        // As torch does: the small term keeps the factor finite for a norm of 0.
        maxNorm > 0
            ? Math.Min(1, maxNorm / (norm + 1e-6))
            : 1;

    /// <summary>L2 norm of all gradients, summed in fp64; NaN or infinity if a gradient is.</summary>
    public double GradientNorm() => Math.Sqrt(_all.SumOfSquares());

    /// <summary>Sets all gradients to zero, for the next step to add to.</summary>
    public void ZeroGradients()
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        NativeTensor.Share(_model.Gradients).Zero_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeViews();
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }

    private void DisposeViews()
    {
        _decayed.Dispose();
        _others.Dispose();
        _step.Free();
        _divisor.Free();
        // Disposed once more, they are nobody's.
        (_step, _divisor) = (default, default);
    }

    private static void ThrowIfNotOrdered(IReadOnlyList<ParameterRange> slices, long length)
    {
        var end = 0L;
        foreach (var slice in slices)
        {
            if (slice.Offset < end || slice.Count < 1 || slice.End > length)
            {
                throw new ArgumentException(
                    $"slices must be in order, not empty, and within {length} elements; "
                        + $"{slice.Offset} to {slice.End - 1} comes after {end - 1}",
                    nameof(slices)
                );
            }

            end = slice.End;
        }
    }
}
