namespace CodeParrot.Model.Native;

/// <summary>
/// Frees, when it ends, every <see cref="NativeTensor"/> that this thread has made since, but for those moved out:
/// <c>using var scope = TensorScope.Open();</c> opens a function that makes temporaries. What TorchSharp's dispose
/// scopes are to its tensors, without an object.
/// </summary>
internal readonly ref struct TensorScope
{
    private readonly int _outerFloor;

    private TensorScope(int outerFloor) => _outerFloor = outerFloor;

    /// <summary>Begins a scope, to be disposed on the same thread.</summary>
    public static TensorScope Open() => new(TensorStack.OfThread.Enter());

    /// <summary>Ends it.</summary>
    public void Dispose() => TensorStack.OfThread.Leave(_outerFloor);
}
