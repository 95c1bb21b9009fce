using System.Runtime.InteropServices;

namespace CodeParrot.Model.Native;

/// <summary>
/// Takes the parts of a tensor apart: the native function asks its caller by a callback for the place that it writes
/// them to, on the calling thread, and so the place is the thread's.
/// </summary>
internal static unsafe class UnbindInto
{
    [ThreadStatic]
    private static nint* _place;

    [ThreadStatic]
    private static int _room;

    /// <summary>Writes handles of the parts of a dimension.</summary>
    /// <exception cref="LibTorchException">The call failed, or there are more or fewer parts.</exception>
    public static void Receive(nint tensor, long dimension, nint* place, int count)
    {
        // Looked at before, as the callback cannot refuse.
        if (TorchShim.THSTensor_size(tensor, dimension) != count)
        {
            TorchErrors.ThrowIfAny("Unbind");
            throw new LibTorchException("Unbind", $"dimension {dimension} must have the size {count}");
        }

        _place = place;
        _room = count;
        TorchShim.THSTensor_unbind(tensor, &PlaceOf, dimension);
        _place = null;
        TorchErrors.ThrowIfAny("Unbind");
    }

    [UnmanagedCallersOnly]
    private static nint PlaceOf(nint count) => count == _room ? (nint)_place : 0;
}
