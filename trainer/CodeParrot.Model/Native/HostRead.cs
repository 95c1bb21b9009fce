using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// The one way in which the values of a tensor come to the host. On a GPU each call waits for all that is queued, so
/// they are counted: a step makes the same few however many micro-batches it has. Whatever else reads values, of
/// TorchSharp or by bare handles, is banned in the projects that compute (BannedSymbols.Tensors.txt);
/// <see cref="LibTorch.Span"/> is not, since it takes no tensor but those in host memory.
/// </summary>
public static class HostRead
{
    [ThreadStatic]
    private static long _count;

    /// <summary>How often the calling thread has read so far.</summary>
    public static long Count => _count;

    /// <summary>Returns the value of a tensor of one element.</summary>
    public static T ValueOf<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _count++;
#pragma warning disable RS0030 // The place that counts.
        return tensor.item<T>();
#pragma warning restore RS0030
    }

    /// <summary>
    /// Returns a tensor with the same values in host memory, which is the same one where it lies there; the caller
    /// disposes it.
    /// </summary>
    public static torch.Tensor CopyOf(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _count++;
#pragma warning disable RS0030 // The place that counts.
        return tensor.cpu();
#pragma warning restore RS0030
    }

    /// <summary>Copies all values of a contiguous tensor to host memory, in one read; allocates nothing.</summary>
    /// <param name="tensor">Its elements are <typeparamref name="T"/>.</param>
    /// <param name="values">As many as the tensor has.</param>
    public static void CopyTo<T>(torch.Tensor tensor, Span<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = TensorScope.Open();
        CopyOf(NativeTensor.Share(tensor)).HostSpan<T>().CopyTo(values);
    }

    /// <summary>Returns the value of a tensor of one element, fp64.</summary>
    internal static double ValueOf(NativeTensor tensor)
    {
        _count++;
#pragma warning disable RS0030 // The place that counts.
        LibTorch.Check(LibTorch.ItemFloat64(tensor.Handle, out var value), "aoti_torch_item_float64");
#pragma warning restore RS0030
        return value;
    }

    /// <summary>As the other, of a bare handle, in the innermost scope.</summary>
    internal static NativeTensor CopyOf(NativeTensor tensor)
    {
        _count++;
#pragma warning disable RS0030 // The place that counts.
        return tensor.ToHost();
#pragma warning restore RS0030
    }
}
