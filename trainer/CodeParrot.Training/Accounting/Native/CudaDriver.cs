using System.Runtime.InteropServices;
using System.Text;

namespace CodeParrot.Training.Accounting.Native;

/// <summary>
/// What CUDA's driver says about a GPU. Names and memory alone: the calls neither make a context nor change a device.
/// (Written after cuda.h; nothing here has run on a GPU yet.)
/// </summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int Success = 0;
    private const int NameBytes = 256;

    /// <summary>Gets whether there is a driver at all.</summary>
    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _) && Init(0) == Success;

    /// <summary>Returns a device's name, or null where it cannot be had.</summary>
    public static string? NameOf(int index)
    {
        if (!IsThere || DeviceGet(out var device, Math.Max(0, index)) != Success)
        {
            return null;
        }
        var text = new byte[NameBytes];
        if (DeviceGetName(text, text.Length, device) != Success)
        {
            return null;
        }
        var length = Array.IndexOf(text, (byte)0);
        return Encoding.ASCII.GetString(text, 0, length < 0 ? text.Length : length);
    }

    /// <summary>
    /// Returns the bytes in use on the device of this thread's context, all processes together; null without one.
    /// </summary>
    public static long? UsedBytes() =>
        IsThere && MemGetInfo(out var free, out var total) == Success ? (long)(total - free) : null;

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Init(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int DeviceGetName([Out] byte[] name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int MemGetInfo(out nuint free, out nuint total);
}
