using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeParrot.Model.Native;

/// <summary>
/// The functions of TorchSharp's native library that a step calls, by their own names. TorchSharp calls them too, and
/// wraps each result in an object; <see cref="NativeTensor"/> does without. <see cref="ShimSignatures"/> compares this
/// list with TorchSharp's own declarations before the first call, <see cref="TorchShimSelfTest"/> what they answer.
/// </summary>
/// <remarks>
/// A tensor is an <c>at::Tensor*</c>, a number a <c>c10::Scalar*</c>, a truth value one byte. Whoever gets a pointer
/// owns it. A failed call returns null and leaves its text for <see cref="THSTorch_get_and_reset_last_err"/>.
/// </remarks>
internal static unsafe partial class TorchShim
{
    /// <summary>The library's name, as TorchSharp spells it.</summary>
    public const string Library = "LibTorchSharp";

    // The other class knows where the library lies.
    static TorchShim() => RuntimeHelpers.RunClassConstructor(typeof(LibTorch).TypeHandle);

    [LibraryImport(Library)]
    internal static partial nint THSTorch_get_and_reset_last_err();

    [LibraryImport(Library)]
    internal static partial nint THSTorch_int32_to_scalar(int value);

    [LibraryImport(Library)]
    internal static partial nint THSTorch_float32_to_scalar(float value);

    [LibraryImport(Library)]
    internal static partial nint THSTorch_float64_to_scalar(double value);

    [LibraryImport(Library)]
    internal static partial void THSTorch_dispose_scalar(nint handle);

    [LibraryImport(Library)]
    internal static partial nint THSGenerator_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial void THSGenerator_dispose(nint handle);

    [LibraryImport(Library)]
    internal static partial void THSCuda_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial byte THSAutograd_isGradEnabled();

    [LibraryImport(Library)]
    internal static partial void THSAutograd_setGrad(byte enabled);

    [LibraryImport(Library)]
    internal static partial void THSAutograd_backward(
        nint* tensors,
        long tLength,
        nint* grad_tensors,
        long gtLength,
        byte retain_graph,
        byte create_graph,
        nint* inputs,
        long iLength
    );

    [LibraryImport(Library)]
    internal static partial void THSTensor_set_requires_grad(nint handle, byte requires_grad);

    [LibraryImport(Library)]
    internal static partial byte THSTensor_requires_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial void THSTensor_set_grad(nint handle, nint grad);

    [LibraryImport(Library)]
    internal static partial void THSTensor_dispose(nint handle);

    [LibraryImport(Library)]
    internal static partial long THSTensor_size(nint handle, long dim);

    [LibraryImport(Library)]
    internal static partial long THSTensor_ndimension(nint handle);

    [LibraryImport(Library)]
    internal static partial long THSTensor_numel(nint handle);

    [LibraryImport(Library)]
    internal static partial long THSTensor_element_size(nint handle);

    [LibraryImport(Library)]
    internal static partial byte THSTensor_is_contiguous(nint handle);

    [LibraryImport(Library)]
    internal static partial sbyte THSTensor_type(nint handle);

    [LibraryImport(Library)]
    internal static partial int THSTensor_device_type(nint handle);

    [LibraryImport(Library)]
    internal static partial int THSTensor_device_index(nint handle);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_cpu(nint handle);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_empty(
        long* psizes,
        int length,
        sbyte scalarType,
        int deviceType,
        int deviceIndex,
        byte requires_grad
    );

    [LibraryImport(Library)]
    internal static partial nint THSTensor_zeros(
        long* psizes,
        int length,
        sbyte scalarType,
        int deviceType,
        int deviceIndex,
        byte requireGrad
    );

    [LibraryImport(Library)]
    internal static partial nint THSTensor_to_type(nint handle, sbyte scalar_type, byte copy, byte non_blocking);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_contiguous(nint handle);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_detach(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_narrow(nint tensor, long dim, long start, long length);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_view(nint tensor, long* shape, int length);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_reshape(nint tensor, long* shape, int length);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_transpose(nint tensor, long dim1, long dim2);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_t(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_squeeze(nint tensor, long dim);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_unsqueeze(nint tensor, long dim);

    [LibraryImport(Library)]
    internal static partial void THSTensor_unbind(nint tensor, delegate* unmanaged<nint, nint> allocator, long dim);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_index_select(nint tensor, long dim, nint index);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_gather(nint tensor, long dim, nint index);

    [LibraryImport(Library)]
    internal static partial void THSTensor_scatter_add_(nint tensor, long dim, nint index, nint source);

    [LibraryImport(Library)]
    internal static partial void THSTensor_index_add_(nint tensor, long dim, nint index, nint source, nint alpha);

    [LibraryImport(Library)]
    internal static partial long THSTensor_copy_(nint handle, nint source, byte non_blocking);

    [LibraryImport(Library)]
    internal static partial void THSTensor_fill_(nint handle, nint value);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_add(nint tensor, nint trg, nint alpha);

    [LibraryImport(Library)]
    internal static partial void THSTensor_add_(nint tensor, nint trg, nint alpha);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_mul_scalar(nint tensor, nint scalar);

    [LibraryImport(Library)]
    internal static partial void THSTensor_mul_scalar_(nint tensor, nint target);

    [LibraryImport(Library)]
    internal static partial void THSTensor_div_(nint tensor, nint trg, byte* rounding_mode);

    [LibraryImport(Library)]
    internal static partial void THSTensor_div_scalar_(nint tensor, nint trg, byte* rounding_mode);

    [LibraryImport(Library)]
    internal static partial void THSTensor_exp_(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_log(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_amax(nint tensor, long* dim, int dim_len, byte keep_dim);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_sum(nint tensor, byte has_type, sbyte scalar_type);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_sum_along_dimensions(
        nint tensor,
        long* dimensions,
        int length,
        byte keepdim,
        byte has_type,
        sbyte scalar_type
    );

    [LibraryImport(Library)]
    internal static partial nint THSTensor_dot(nint tensor, nint target);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_mm(nint tensor, nint target);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_addmm(nint mat, nint mat1, nint mat2, float beta, float alpha);

    [LibraryImport(Library)]
    internal static partial void THSTensor_addmm_(nint mat, nint mat1, nint mat2, float beta, float alpha);

    [LibraryImport(Library)]
    internal static partial nint THSTensor_gelu_with_approximate(nint tensor, byte* approximate);

    [LibraryImport(Library)]
    internal static partial nint THSNN_dropout(nint input, double p, byte training, byte inplace);

    [LibraryImport(Library)]
    internal static partial nint THSNN_layer_norm(
        nint input,
        long* normalized_shape,
        long normalized_shape_len,
        nint weight,
        nint bias,
        double eps
    );

    [LibraryImport(Library)]
    internal static partial nint THSNN_scaled_dot_product_attention(
        nint query,
        nint key,
        nint value,
        nint attention_mask,
        double p,
        byte casual
    );
}
