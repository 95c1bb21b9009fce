using System.Runtime.InteropServices;

namespace CodeParrot.Model.Native;

/// <summary>
/// A call into libtorch failed. An <see cref="ExternalException"/>, as TorchSharp's own are: whoever tells a lack of
/// memory or a broken GPU by libtorch's words need not know who called.
/// </summary>
public sealed class LibTorchException : ExternalException
{
    /// <summary>A call of the C interface, which writes its text to standard error and gives none.</summary>
    public LibTorchException(string call)
        : this(call, "its own message is on standard error") { }

    /// <summary>A call that says why it failed.</summary>
    /// <param name="call">The function or operator.</param>
    /// <param name="text">libtorch's own words.</param>
    public LibTorchException(string call, string text)
        : base($"libtorch refused {call}: {text}") => Call = call;

    /// <summary>The function or operator that failed.</summary>
    public string Call { get; }
}
