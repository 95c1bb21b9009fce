using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>The operations that a step uses.</summary>
internal readonly unsafe partial struct NativeTensor
{
    private const byte No = 0;
    private const byte Yes = 1;

    /// <summary>A tensor on the same device, whose content is anything.</summary>
    public NativeTensor NewEmpty(torch.ScalarType type, params ReadOnlySpan<long> shape)
    {
        var (device, index) = (TorchShim.THSTensor_device_type(Handle), TorchShim.THSTensor_device_index(Handle));
        fixed (long* sizes = shape)
        {
            return Own(TorchShim.THSTensor_empty(sizes, shape.Length, (sbyte)type, device, index, No));
        }
    }

    /// <summary>A vector of zeros on the same device.</summary>
    public NativeTensor NewZeros(torch.ScalarType type, long count)
    {
        var (device, index) = (TorchShim.THSTensor_device_type(Handle), TorchShim.THSTensor_device_index(Handle));
        return Own(TorchShim.THSTensor_zeros(&count, 1, (sbyte)type, device, index, No));
    }

    /// <summary>The same values in another type; the tensor itself if it is of that type.</summary>
    public NativeTensor To(torch.ScalarType type) =>
        Type == type ? this : Own(TorchShim.THSTensor_to_type(Handle, (sbyte)type, No, No));

    /// <summary>The same values in host memory, the same tensor where it lies there: for HostRead alone.</summary>
#pragma warning disable RS0030 // Banned for all but HostRead, as is this.
    public NativeTensor ToHost() => Own(TorchShim.THSTensor_cpu(Handle));
#pragma warning restore RS0030

    /// <summary>The same values row by row without gaps; a copy only if they are not.</summary>
    public NativeTensor Contiguous() => Own(TorchShim.THSTensor_contiguous(Handle));

    /// <summary>The same memory, without its place in a graph.</summary>
    public NativeTensor Detach() => Own(TorchShim.THSTensor_detach(Handle));

    /// <summary>A part of a dimension.</summary>
    public NativeTensor Narrow(long dimension, long start, long length) =>
        Own(TorchShim.THSTensor_narrow(Handle, dimension, start, length));

    /// <summary>The same memory in another shape; -1 stands for what is left.</summary>
    public NativeTensor View(params ReadOnlySpan<long> shape)
    {
        fixed (long* sizes = shape)
        {
            return Own(TorchShim.THSTensor_view(Handle, sizes, shape.Length));
        }
    }

    /// <summary>As <see cref="View"/>, copied where the memory does not allow it.</summary>
    public NativeTensor Reshape(params ReadOnlySpan<long> shape)
    {
        fixed (long* sizes = shape)
        {
            return Own(TorchShim.THSTensor_reshape(Handle, sizes, shape.Length));
        }
    }

    /// <summary>All values in one dimension, copied where the memory does not allow it.</summary>
    public NativeTensor Flatten()
    {
        var all = -1L;
        return Own(TorchShim.THSTensor_reshape(Handle, &all, 1));
    }

    /// <summary>Two dimensions exchanged.</summary>
    public NativeTensor Transpose(long first, long second) => Own(TorchShim.THSTensor_transpose(Handle, first, second));

    /// <summary>A matrix, rows and columns exchanged.</summary>
    public NativeTensor Transpose() => Own(TorchShim.THSTensor_t(Handle));

    /// <summary>Without a dimension of size 1.</summary>
    public NativeTensor Squeeze(long dimension) => Own(TorchShim.THSTensor_squeeze(Handle, dimension));

    /// <summary>With one more dimension of size 1.</summary>
    public NativeTensor Unsqueeze(long dimension) => Own(TorchShim.THSTensor_unsqueeze(Handle, dimension));

    /// <summary>The three parts of a dimension of size 3.</summary>
    public (NativeTensor First, NativeTensor Second, NativeTensor Third) Unbind(long dimension)
    {
        var parts = stackalloc nint[3];
        UnbindInto.Receive(Handle, dimension, parts, count: 3);
        return (Own(parts[0]), Own(parts[1]), Own(parts[2]));
    }

    /// <summary>Rows (or what a dimension counts) by their numbers.</summary>
    public NativeTensor IndexSelect(long dimension, NativeTensor index) =>
        Own(TorchShim.THSTensor_index_select(Handle, dimension, index.Handle));

    /// <summary>One value of each row by its number.</summary>
    public NativeTensor Gather(long dimension, NativeTensor index) =>
        Own(TorchShim.THSTensor_gather(Handle, dimension, index.Handle));

    /// <summary>Adds values of a source at numbered places.</summary>
    public NativeTensor ScatterAdd_(long dimension, NativeTensor index, NativeTensor source)
    {
        TorchShim.THSTensor_scatter_add_(Handle, dimension, index.Handle, source.Handle);
        return Done();
    }

    /// <summary>Adds rows of a source to numbered rows.</summary>
    public NativeTensor IndexAdd_(long dimension, NativeTensor index, NativeTensor source)
    {
        TorchShim.THSTensor_index_add_(Handle, dimension, index.Handle, source.Handle, NativeScalar.One.Handle);
        return Done();
    }

    /// <summary>Takes another tensor's values.</summary>
    public NativeTensor Copy_(NativeTensor source)
    {
        _ = TorchShim.THSTensor_copy_(Handle, source.Handle, No);
        return Done();
    }

    /// <summary>All zeros.</summary>
    public NativeTensor Zero_()
    {
        LibTorch.Zero(Handle);
        return this;
    }

    /// <summary>All the same value.</summary>
    public NativeTensor Fill_(NativeScalar value)
    {
        TorchShim.THSTensor_fill_(Handle, value.Handle);
        return Done();
    }

    /// <summary>The sum of both.</summary>
    public NativeTensor Add(NativeTensor other) =>
        Own(TorchShim.THSTensor_add(Handle, other.Handle, NativeScalar.One.Handle));

    /// <summary>Adds another tensor.</summary>
    public NativeTensor Add_(NativeTensor other) => Add_(other, NativeScalar.One);

    /// <summary>Takes another tensor away.</summary>
    public NativeTensor Subtract_(NativeTensor other) => Add_(other, NativeScalar.MinusOne);

    /// <summary>Adds another tensor times a factor.</summary>
    public NativeTensor Add_(NativeTensor other, NativeScalar factor)
    {
        TorchShim.THSTensor_add_(Handle, other.Handle, factor.Handle);
        return Done();
    }

    /// <summary>The product with a number.</summary>
    public NativeTensor Multiply(NativeScalar factor) => Own(TorchShim.THSTensor_mul_scalar(Handle, factor.Handle));

    /// <summary>Multiplies by a number.</summary>
    public NativeTensor Multiply_(NativeScalar factor)
    {
        TorchShim.THSTensor_mul_scalar_(Handle, factor.Handle);
        return Done();
    }

    /// <summary>Divides by another tensor, value by value.</summary>
    public NativeTensor Divide_(NativeTensor divisor)
    {
        TorchShim.THSTensor_div_(Handle, divisor.Handle, null);
        return Done();
    }

    /// <summary>Divides by a number.</summary>
    public NativeTensor Divide_(NativeScalar divisor)
    {
        TorchShim.THSTensor_div_scalar_(Handle, divisor.Handle, null);
        return Done();
    }

    /// <summary>e to the power of each value.</summary>
    public NativeTensor Exp_()
    {
        TorchShim.THSTensor_exp_(Handle);
        return Done();
    }

    /// <summary>The natural logarithm of each value.</summary>
    public NativeTensor Log() => Own(TorchShim.THSTensor_log(Handle));

    /// <summary>The greatest values along a dimension, which stays with size 1.</summary>
    public NativeTensor Greatest(long dimension) => Own(TorchShim.THSTensor_amax(Handle, &dimension, 1, Yes));

    /// <summary>The sums along a dimension.</summary>
    public NativeTensor Sum(long dimension, bool keep) =>
        Own(TorchShim.THSTensor_sum_along_dimensions(Handle, &dimension, 1, keep ? Yes : No, No, 0));

    /// <summary>The sum of all values, added in a type.</summary>
    public NativeTensor Sum(torch.ScalarType type) => Own(TorchShim.THSTensor_sum(Handle, Yes, (sbyte)type));

    /// <summary>The sum of the products with another vector.</summary>
    public NativeTensor Dot(NativeTensor other) => Own(TorchShim.THSTensor_dot(Handle, other.Handle));
}
