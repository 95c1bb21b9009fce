using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// The part of libtorch's own C interface that TorchSharp does not bind: addresses of tensors, tensors over foreign
/// memory, handles, lists and operators by name. A TorchSharp handle is the <c>at::Tensor*</c> that this interface
/// takes (docs/decisions/0005-libtorch-c-abi.md). <see cref="Verify"/> checks all of it against known numbers.
/// </summary>
public static unsafe partial class LibTorch
{
    private const string Library = "libtorch_cpu.so";

    static LibTorch()
    {
        // TorchSharp loads its libraries first, so that the names below resolve to the images that it already uses.
        torch.InitializeDeviceType(DeviceType.CPU);
        NativeLibrary.SetDllImportResolver(
            typeof(LibTorch).Assembly,
            static (name, _, _) =>
                name switch
                {
                    Library => NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, searchPath: null),
                    TorchShim.Library => NativeLibrary.Load(name, typeof(torch).Assembly, searchPath: null),
                    _ => 0,
                }
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
    /// Tensors that this project holds by bare handles, in all threads; TorchSharp's own count does not see them.
    /// </summary>
    public static long LiveTensors => TensorStack.LiveCount;

    /// <summary>
    /// Address of a tensor's first element, counting its offset in the storage. It stays valid as long as the tensor's
    /// storage lives, so the caller must keep the tensor reachable.
    /// </summary>
    public static nint DataPointer(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return DataPointer(tensor.Handle);
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
        ThrowIfNotHost<T>(tensor.Handle);
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

    /// <summary>Address of a tensor's first element.</summary>
    internal static nint DataPointer(nint tensor)
    {
        Check(GetDataPointer(tensor, out var pointer), "aoti_torch_get_data_ptr");
        return pointer;
    }

    /// <summary>All elements of a contiguous tensor in host memory.</summary>
    internal static Span<T> HostSpan<T>(nint tensor)
        where T : unmanaged
    {
        ThrowIfNotHost<T>(tensor);
        return new Span<T>((T*)DataPointer(tensor), checked((int)TorchShim.THSTensor_numel(tensor)));
    }

    /// <summary>Sets all elements to zero.</summary>
    internal static void Zero(nint tensor) => Check(ZeroInPlace(tensor), "aoti_torch_zero_");

    /// <summary>
    /// Calls an operator by name: the arguments are words, all of them, and those that are lists or tensors belong to
    /// the callee from here on.
    /// </summary>
    internal static void Call(ReadOnlySpan<byte> name, ulong* arguments)
    {
        fixed (byte* text = name)
        fixed (byte* overload = "\0"u8)
        {
            if (CallDispatcher(text, overload, arguments) != 0)
            {
                throw new LibTorchException(Marshal.PtrToStringUTF8((nint)text)!);
            }
        }
    }

    /// <summary>
    /// Divides work between torch's threads, one piece each: <paramref name="work"/> is called with the first number of
    /// a piece, the one behind its last, and <paramref name="state"/>. It must not throw.
    /// </summary>
    internal static void ParallelFor(long count, delegate* unmanaged<long, long, void*, void> work, void* state) =>
        Check(ParallelFor(0, count, 1, work, state), "torch_parallel_for");

    internal static void Check(int code, string call)
    {
        if (code != 0)
        {
            throw new LibTorchException(call);
        }
    }

    private const int CpuDevice = 0;

    private static void ThrowIfNotHost<T>(nint tensor)
        where T : unmanaged
    {
        if (
            (DeviceType)TorchShim.THSTensor_device_type(tensor) != DeviceType.CPU
            || TorchShim.THSTensor_is_contiguous(tensor) == 0
            || TorchShim.THSTensor_element_size(tensor) != sizeof(T)
        )
        {
            throw new ArgumentException($"must be contiguous host memory of {sizeof(T)}-byte elements", nameof(tensor));
        }
    }

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

    [LibraryImport(Library, EntryPoint = "aoti_torch_zero_")]
    private static partial int ZeroInPlace(nint tensor);

    // Reads a value on the host: for HostRead alone.
    [LibraryImport(Library, EntryPoint = "aoti_torch_item_float64")]
    internal static partial int ItemFloat64(nint tensor, out double value);

    [LibraryImport(Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    internal static partial int NewTensorHandle(nint tensor, out nint copy);

    [LibraryImport(Library, EntryPoint = "torch_new_list_reserve_size")]
    internal static partial int NewList(nuint capacity, out nint list);

    [LibraryImport(Library, EntryPoint = "torch_list_push_back")]
    internal static partial int PushBack(nint list, ulong element);

    [LibraryImport(Library, EntryPoint = "torch_delete_list")]
    internal static partial int DeleteList(nint list);

    [LibraryImport(Library, EntryPoint = "aoti_torch_call_dispatcher")]
    private static partial int CallDispatcher(byte* name, byte* overload, ulong* stack);

    [LibraryImport(Library, EntryPoint = "torch_parallel_for")]
    private static partial int ParallelFor(
        long begin,
        long end,
        long grainSize,
        delegate* unmanaged<long, long, void*, void> work,
        void* state
    );
}
