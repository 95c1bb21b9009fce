using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// Numbers as TorchSharp's calls take them, kept for good. A number that TorchSharp wraps on the way into a call, as
/// the 1 behind <c>a + b</c>, has no owner while libtorch reads it: a collection on any other thread frees it there and
/// then, and the call fails ("Expected false to be true"), or computes with what lies in its place. So this project
/// adds and subtracts with these, and holds every other number in a <c>using</c> variable across its call.
/// </summary>
internal static class LastingScalar
{
    public static readonly Scalar Zero = 0f;
    public static readonly Scalar One = 1;
    public static readonly Scalar MinusOne = -1;
}
