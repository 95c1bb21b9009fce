using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CodeParrot.Model.Native;

/// <summary>What the last call into TorchSharp's native library has to say, told as an exception.</summary>
internal static unsafe class TorchErrors
{
    /// <summary>To be asked after each call that returns no tensor.</summary>
    /// <exception cref="LibTorchException">The call failed.</exception>
    public static void ThrowIfAny(string call)
    {
        var text = TorchShim.THSTorch_get_and_reset_last_err();
        if (text != 0)
        {
            Throw(call, text);
        }
    }

    /// <summary>To be called where a tensor was due and none came.</summary>
    /// <exception cref="LibTorchException">Always.</exception>
    [DoesNotReturn]
    public static void Throw(string call) => Throw(call, TorchShim.THSTorch_get_and_reset_last_err());

    [DoesNotReturn]
    private static void Throw(string call, nint text)
    {
        var said = text == 0 ? "there is none" : Marshal.PtrToStringUTF8(text)!;
        // Copied by strdup for whoever asks.
        NativeMemory.Free((void*)text);
        throw new LibTorchException(call, said);
    }
}
