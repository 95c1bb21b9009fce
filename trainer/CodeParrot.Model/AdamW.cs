using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) over a model's flat buffers: one fused pass for the decayed range, one for the
/// rest. Clipping follows torch: gradients are scaled by <c>max / (norm + 1e-6)</c> where that is below 1.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly Gpt2 _model;
    private readonly AdamWOptions _options;

    /// <summary>An optimiser at step 0, with moments zero. It does not own the model.</summary>
    /// <exception cref="ModelConfigurationException">A constant is out of range.</exception>
    public AdamW(Gpt2 model, AdamWOptions options)
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
        FirstMoment = torch.zeros_like(model.Parameters).DetachFromDisposeScope();
        SecondMoment = torch.zeros_like(model.Parameters).DetachFromDisposeScope();
    }

    /// <summary>Running mean of gradients, flat fp32 [N] in the model's layout. Owned by the optimiser.</summary>
    public torch.Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients, flat fp32 [N]. Owned by the optimiser.</summary>
    public torch.Tensor SecondMoment { get; }

    /// <summary>Updates done so far; part of the state, since bias correction depends on it.</summary>
    public long StepCount { get; set; }

    /// <summary>Updates the parameters from the model's gradients, which stay as they are.</summary>
    public void Step(double learningRate)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        StepCount++;
        using Scalar count = (float)StepCount;
        var step = torch.empty(1, device: _model.Parameters.device).fill_(count);
        var total = _model.Parameters.numel();
        Update(new(0, _model.DecayedCount), step, learningRate, _options.WeightDecay);
        Update(new(_model.DecayedCount, total - _model.DecayedCount), step, learningRate, weightDecay: 0);
    }

    /// <summary>L2 norm of all gradients, summed in fp64; NaN or infinity if a gradient is.</summary>
    public double GradientNorm() => Math.Sqrt(SumOfSquaredGradients(new(0, _model.Parameters.numel())));

    /// <summary>Sum of squares of a range of the gradients, in fp64: what ranks that own slices add up.</summary>
    public double SumOfSquaredGradients(ParameterRange range) => FlatNorm.SumOfSquares(_model.Gradients, range);

    /// <summary>Multiplies all gradients.</summary>
    public void ScaleGradients(double factor)
    {
        using var noGradient = torch.no_grad();
        using Scalar scale = (float)factor;
        _model.Gradients.mul_(scale);
    }

    /// <summary>Scales the gradients so that their norm is at most <paramref name="maxNorm"/>.</summary>
    /// <returns>The norm before; if it is not finite, the gradients are useless and the step must be skipped.</returns>
    public double ClipGradients(double maxNorm)
    {
        var norm = GradientNorm();
        var factor = maxNorm / (norm + 1e-6);
        if (factor < 1)
        {
            ScaleGradients(factor);
        }

        return norm;
    }

    /// <summary>Sets all gradients to zero, for the next step to add to.</summary>
    public void ZeroGradients()
    {
        using var noGradient = torch.no_grad();
        _model.Gradients.zero_().Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }

    private void Update(ParameterRange range, torch.Tensor step, double learningRate, double weightDecay) =>
        LibTorch.FusedAdamW(
            _model.Parameters.narrow(0, range.Offset, range.Count),
            _model.Gradients.narrow(0, range.Offset, range.Count),
            FirstMoment.narrow(0, range.Offset, range.Count),
            SecondMoment.narrow(0, range.Offset, range.Count),
            step,
            learningRate,
            weightDecay,
            _options
        );
}
