using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// The part of libtorch's own C interface that TorchSharp does not bind: addresses of tensors, tensors over foreign
/// memory, and the fused AdamW. A TorchSharp handle is the <c>at::Tensor*</c> that this interface takes
/// (docs/decisions/0005-libtorch-c-abi.md). <see cref="Verify"/> checks all of it against known numbers.
/// </summary>
public static unsafe partial class LibTorch
{
    private const string Library = "libtorch_cpu.so";

    static LibTorch()
    {
        // TorchSharp loads its libraries first, so that the name below resolves to the image that it already uses.
        torch.InitializeDeviceType(DeviceType.CPU);
        NativeLibrary.SetDllImportResolver(
            typeof(LibTorch).Assembly,
            static (name, _, _) =>
                name == Library ? NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, searchPath: null) : 0
        );
    }

    // A lazy value rethrows the self-test's own exception; a static constructor would hide it in another one.
    private static readonly Lazy<bool> _isVerified = new(LibTorchSelfTest.Run);

    /// <summary>Checks, once per process, that this libtorch does what the calls below expect.</summary>
    /// <exception cref="PlatformNotSupportedException">It does not; the message says what, and what to use.</exception>
    public static void Verify() => _ = _isVerified.Value;

    /// <summary>Version of the C interface, for example 0x020a for libtorch 2.10.</summary>
    public static int AbiVersion => (int)(AbiVersionWord() >> 48);

    /// <summary>
    /// Address of a tensor's first element, counting its offset in the storage. It stays valid as long as the tensor's
    /// storage lives, so the caller must keep the tensor reachable.
    /// </summary>
    public static nint DataPointer(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Check(GetDataPointer(tensor.Handle, out var pointer), "aoti_torch_get_data_ptr");
        return pointer;
    }

    /// <summary>
    /// A window on the elements of a contiguous tensor in host memory; the caller keeps the tensor alive.
    /// </summary>
    /// <param name="tensor">A contiguous CPU tensor whose elements are <typeparamref name="T"/>.</param>
    /// <param name="offset">First element.</param>
    /// <param name="count">Number of elements; a span holds at most <see cref="int.MaxValue"/>.</param>
    /// <exception cref="ArgumentException">The tensor is not contiguous host memory of that element size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window leaves the tensor.</exception>
    public static Span<T> Span<T>(torch.Tensor tensor, long offset, int count)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.element_size() != sizeof(T))
        {
            throw new ArgumentException($"must be contiguous host memory of {sizeof(T)}-byte elements", nameof(tensor));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, tensor.numel() - count);
        return new Span<T>((T*)DataPointer(tensor) + offset, count);
    }

    /// <summary>
    /// A host tensor over memory that someone else owns, without a copy. The memory must outlive the tensor and every
    /// view of it; the caller disposes the tensor.
    /// </summary>
    public static torch.Tensor FromMemory(nint memory, ReadOnlySpan<long> shape, torch.ScalarType type)
    {
        Span<long> strides = stackalloc long[shape.Length];
        var stride = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        fixed (long* sizes = shape)
        fixed (long* steps = strides)
        {
            var code = FromBlob(memory, shape.Length, sizes, steps, 0, (int)type, CpuDevice, 0, out var handle);
            Check(code, "aoti_torch_create_tensor_from_blob");
            return torch.Tensor.UnsafeCreateTensor(handle);
        }
    }

    /// <summary>
    /// One step of decoupled Adam in a single pass over memory: 12 times as fast as the optimiser of TorchSharp.
    /// The lists are equally long, all tensors fp32 on one device; <paramref name="step"/> holds the number of this
    /// step, from 1, for all of them. A divisor, fp32 [1], divides the gradients in the same pass, also where they lie.
    /// </summary>
    internal static void FusedAdamW(
        ReadOnlySpan<torch.Tensor> parameters,
        ReadOnlySpan<torch.Tensor> gradients,
        ReadOnlySpan<torch.Tensor> firstMoment,
        ReadOnlySpan<torch.Tensor> secondMoment,
        torch.Tensor step,
        double learningRate,
        double weightDecay,
        AdamWOptions options,
        torch.Tensor? divisor = null
    )
    {
        using var p = new TensorListHandle(parameters);
        using var g = new TensorListHandle(gradients);
        using var m = new TensorListHandle(firstMoment);
        using var v = new TensorListHandle(secondMoment);
        using var largest = new TensorListHandle([]);
        using var s = TensorListHandle.Repeat(step, parameters.Length);
        // self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, lr, beta1, beta2, weight_decay, eps,
        // amsgrad, maximize, grad_scale, found_inf: the dispatcher wants every argument, defaults too.
        ReadOnlySpan<ulong> arguments =
        [
            p.Consume(),
            g.Consume(),
            m.Consume(),
            v.Consume(),
            largest.Consume(),
            s.Consume(),
            Word(learningRate),
            Word(options.Beta1),
            Word(options.Beta2),
            Word(weightDecay),
            Word(options.Epsilon),
            0,
            0,
            divisor is null ? 0 : Optional(divisor),
            0,
        ];
        fixed (ulong* stack = arguments)
        {
            Check(CallDispatcher("aten::_fused_adamw_", "", stack), "aten::_fused_adamw_");
        }
    }

    // An optional argument that is there: a cell with the value, which the callee frees as C++ does, by free().
    private static ulong Optional(torch.Tensor tensor)
    {
        Check(NewTensorHandle(tensor.Handle, out var copy), "aoti_torch_new_tensor_handle");
        var cell = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *cell = (ulong)copy;
        return (ulong)cell;
    }

    internal static void Check(int code, string call)
    {
        if (code != 0)
        {
            throw new LibTorchException(call);
        }
    }

    private const int CpuDevice = 0;

    private static ulong Word(double value) => BitConverter.DoubleToUInt64Bits(value);

    [LibraryImport(Library, EntryPoint = "aoti_torch_abi_version")]
    private static partial ulong AbiVersionWord();

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_data_ptr")]
    private static partial int GetDataPointer(nint tensor, out nint pointer);

    [LibraryImport(Library, EntryPoint = "aoti_torch_create_tensor_from_blob")]
    private static partial int FromBlob(
        nint memory,
        long dimensions,
        long* sizes,
        long* strides,
        long storageOffset,
        int type,
        int deviceType,
        int deviceIndex,
        out nint tensor
    );

    [LibraryImport(Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    internal static partial int NewTensorHandle(nint tensor, out nint copy);

    [LibraryImport(Library, EntryPoint = "torch_new_list_reserve_size")]
    internal static partial int NewList(nuint capacity, out nint list);

    [LibraryImport(Library, EntryPoint = "torch_list_push_back")]
    internal static partial int PushBack(nint list, ulong element);

    [LibraryImport(Library, EntryPoint = "torch_delete_list")]
    internal static partial int DeleteList(nint list);

    [LibraryImport(Library, EntryPoint = "aoti_torch_call_dispatcher", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CallDispatcher(string name, string overload, ulong* stack);
}
