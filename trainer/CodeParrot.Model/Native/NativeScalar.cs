using System.Runtime.InteropServices;

namespace CodeParrot.Model.Native;

/// <summary>
/// A number as libtorch's calls take it. It lives until it is disposed, which no collector does meanwhile, so the
/// lasting ones may be named in any expression and others stand in a <c>using</c> variable.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct NativeScalar : IDisposable
{
    /// <summary>0, for good.</summary>
    public static readonly NativeScalar Zero = Of(0f);

    /// <summary>1, for good.</summary>
    public static readonly NativeScalar One = Of(1);

    /// <summary>-1, for good.</summary>
    public static readonly NativeScalar MinusOne = Of(-1);

    private NativeScalar(nint handle) => Handle = handle;

    /// <summary>Its address.</summary>
    public nint Handle { get; }

    /// <summary>A whole number.</summary>
    public static NativeScalar Of(int value) => new(TorchShim.THSTorch_int32_to_scalar(value));

    /// <summary>A number of 32 bits.</summary>
    public static NativeScalar Of(float value) => new(TorchShim.THSTorch_float32_to_scalar(value));

    /// <summary>A number of 64 bits.</summary>
    public static NativeScalar Of(double value) => new(TorchShim.THSTorch_float64_to_scalar(value));

    /// <inheritdoc/>
    public void Dispose() => TorchShim.THSTorch_dispose_scalar(Handle);
}
