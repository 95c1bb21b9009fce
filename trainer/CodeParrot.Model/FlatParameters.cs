using CodeParrot.Model.Native;
using static TorchSharp.torch;

namespace CodeParrot.Model;

/// <summary>
/// A model's parameters as views of one flat fp32 buffer, and their gradients as views of another, which is made on
/// first use. It owns buffers and views.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Dictionary<string, NativeTensor> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NativeTensor> _gradients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ParameterSlot> _slots;
    private Tensor? _flatGradients;

    /// <summary>All parameters zero.</summary>
    public FlatParameters(IReadOnlyList<ParameterSlot> layout, Device device)
    {
        Layout = layout;
        _slots = layout.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        Flat = zeros(layout[^1].Range.End, ScalarType.Float32, device).DetachFromDisposeScope();
        using var scope = TensorScope.Open();
        foreach (var slot in layout)
        {
            // A detached view is a leaf for autograd and yet shares the flat buffer's memory.
            _values[slot.Name] = View(Flat, slot).Detach().RequireGradient().Keep();
        }
    }

    /// <summary>Where each parameter lies, in buffer order.</summary>
    public IReadOnlyList<ParameterSlot> Layout { get; }

    /// <summary>All parameters, [N].</summary>
    public Tensor Flat { get; }

    /// <summary>All gradients, [N].</summary>
    public Tensor FlatGradients
    {
        get
        {
            EnsureGradients();
            return _flatGradients!;
        }
    }

    /// <summary>A parameter, a leaf for autograd.</summary>
    public NativeTensor this[string name] => _values[name];

    /// <summary>A parameter's gradient, once there are any.</summary>
    public NativeTensor GradientOf(string name) => _gradients[name];

    /// <summary>The elements from one parameter to another one.</summary>
    public ParameterRange RangeOf(string first, string last)
    {
        var start = _slots[first].Offset;
        return new(start, _slots[last].Range.End - start);
    }

    /// <summary>Makes the gradients, zero, where there are none yet.</summary>
    public void EnsureGradients()
    {
        if (_flatGradients is not null)
        {
            return;
        }

        _flatGradients = zeros_like(Flat).DetachFromDisposeScope();
        using var scope = TensorScope.Open();
        foreach (var slot in Layout)
        {
            // Backward adds in place to a gradient that exists: the flat buffer fills without a copy.
            var view = View(_flatGradients, slot).Keep();
            _gradients[slot.Name] = view;
            _values[slot.Name].SetGradient(view);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _values.Values.Concat(_gradients.Values))
        {
            tensor.Free();
        }

        _values.Clear();
        _gradients.Clear();
        Flat.Dispose();
        _flatGradients?.Dispose();
    }

    /// <summary>A parameter's part of a flat buffer in its own shape, in the innermost scope.</summary>
    public static NativeTensor View(Tensor flat, ParameterSlot slot) =>
        NativeTensor.Share(flat).Narrow(0, slot.Offset, slot.Count).View(slot.Shape);
}
