using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// A tensor of libtorch by its bare handle: what TorchSharp's <c>Tensor</c> is, without an object on the managed heap,
/// so that a step allocates nothing. Each belongs to the innermost <see cref="TensorScope"/> of its thread, which frees
/// it, unless it is moved to the scope around that, kept, or disposed earlier.
/// </summary>
/// <remarks>
/// Copies of the value name the same tensor; nothing tells one that is freed from one that is not, so a value ends with
/// its scope. Names follow torch: a trailing underscore is for what changes the tensor itself, and returns it. Failed
/// calls throw <see cref="LibTorchException"/>. Values of tensors come to the host by <see cref="HostRead"/> alone.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe partial struct NativeTensor
{
    private readonly nint _handle;

    private NativeTensor(nint handle) => _handle = handle;

    /// <summary>The <c>at::Tensor*</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no tensor, which a native call would die of.</exception>
    public nint Handle =>
        _handle != 0 ? _handle : throw new InvalidOperationException("there is no tensor, or its owner is disposed");

    /// <summary>Whether there is no tensor.</summary>
    public bool IsNone => _handle == 0;

    /// <summary>The type of its elements.</summary>
    public torch.ScalarType Type => (torch.ScalarType)TorchShim.THSTensor_type(Handle);

    /// <summary>Number of its dimensions.</summary>
    public long Dimensions => TorchShim.THSTensor_ndimension(Handle);

    /// <summary>Number of its elements.</summary>
    public long Count => TorchShim.THSTensor_numel(Handle);

    /// <summary>The kind of device it lies on.</summary>
    public DeviceType Device => (DeviceType)TorchShim.THSTensor_device_type(Handle);

    /// <summary>
    /// One more handle on a tensor of TorchSharp, in the innermost scope: the collector may take the object meanwhile.
    /// </summary>
    public static NativeTensor Share(torch.Tensor tensor)
    {
        LibTorch.Check(LibTorch.NewTensorHandle(tensor.Handle, out var copy), "aoti_torch_new_tensor_handle");
        GC.KeepAlive(tensor);
        return Own(copy);
    }

    /// <summary>The same tensor as an object of TorchSharp, which the caller disposes.</summary>
    public torch.Tensor ToTensor()
    {
        LibTorch.Check(LibTorch.NewTensorHandle(Handle, out var copy), "aoti_torch_new_tensor_handle");
        return torch.Tensor.UnsafeCreateTensor(copy);
    }

    /// <summary>Size of a dimension; -1 is the last.</summary>
    public long Size(long dimension)
    {
        var size = TorchShim.THSTensor_size(Handle, dimension);
        TorchErrors.ThrowIfAny(nameof(Size));
        return size;
    }

    /// <summary>Its sizes for a person, as <c>[2, 3]</c>.</summary>
    public string DescribeShape()
    {
        var sizes = new long[Dimensions];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Size(i);
        }

        return $"[{string.Join(", ", sizes)}]";
    }

    /// <summary>Its elements, of a contiguous tensor in host memory.</summary>
    /// <exception cref="ArgumentException">It is not that, or of another type.</exception>
    public Span<T> HostSpan<T>()
        where T : unmanaged => LibTorch.HostSpan<T>(Handle);

    /// <summary>Lets the result of a function outlive the scope that the function has opened.</summary>
    public NativeTensor MoveToOuterScope()
    {
        TensorStack.OfThread.MoveOut(Handle);
        return this;
    }

    /// <summary>Takes it out of its scope; the caller ends it by <see cref="Free"/>.</summary>
    public NativeTensor Keep()
    {
        TensorStack.OfThread.Remove(Handle);
        return this;
    }

    /// <summary>Frees one of a scope of this thread before the scope ends.</summary>
    public void Dispose()
    {
        TensorStack.OfThread.Remove(Handle);
        TensorStack.Free(Handle);
    }

    /// <summary>Frees one that was kept; nothing for none.</summary>
    public void Free() => TensorStack.Free(_handle);

    private static NativeTensor Own(nint handle, [CallerMemberName] string call = "")
    {
        if (handle == 0)
        {
            TorchErrors.Throw(call);
        }

        TensorStack.OfThread.Add(handle);
        return new NativeTensor(handle);
    }

    private NativeTensor Done([CallerMemberName] string call = "")
    {
        TorchErrors.ThrowIfAny(call);
        return this;
    }
}
