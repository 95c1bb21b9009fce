namespace CodeParrot.Model.Native;

/// <summary>A call into libtorch's C interface failed; libtorch has written its own text to standard error.</summary>
public sealed class LibTorchException(string call)
    : Exception($"libtorch refused {call}; its own message is on standard error")
{
    /// <summary>The function or operator that failed.</summary>
    public string Call { get; } = call;
}
