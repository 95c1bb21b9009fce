using System.Globalization;
using System.Runtime.InteropServices;
using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Memory;

/// <summary>Tells libtorch's failed allocations from its other errors, and says what would fit.</summary>
internal static class AllocationFailure
{
    private const double Gibi = 1 << 30;

    // libtorch has no error codes; these are its allocators' words on GPUs, on CPUs, and the C++ library's.
    private static readonly string[] Words = ["out of memory", "can't allocate memory", "std::bad_alloc"];

    /// <summary>Whether an exception says that memory ran out.</summary>
    public static bool Is(Exception failure) =>
        failure is OutOfMemoryException
        || (
            failure is ExternalException
            && Array.Exists(Words, word => failure.Message.Contains(word, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>The failure with what would fit.</summary>
    /// <param name="failure">What libtorch said.</param>
    /// <param name="resolved">The resolved spec.</param>
    /// <param name="limit">Bytes of the rank's GPU; null on a CPU.</param>
    public static MemoryExhaustedException Explain(Exception failure, RunSpec resolved, long? limit)
    {
        var said = failure.Message.Split('\n')[0];
        if (SpecResolver.Shape(resolved) is not { } shape)
        {
            return new MemoryExhaustedException($"out of memory: {said}", failure);
        }
        var estimate = RunEstimate.Of(resolved, shape);
        var of = limit is { } bytes ? Text($" of {bytes / Gibi:F1} GiB on the device") : "";
        var advice = FittingAdvice.Of(resolved, shape, limit);
        var remedy = advice.Count > 0 ? $"Less would need: {string.Join("; ", advice)}" : "Use a smaller model";
        return new MemoryExhaustedException(
            Text($"out of memory: a rank needs about {estimate.RankBytes / Gibi:F1} GiB{of} ")
                + Text($"({estimate.StateBytes / Gibi:F1} weights and optimiser, ")
                + Text($"{estimate.ActivationBytes / Gibi:F1} activations). {remedy}. libtorch: {said}"),
            failure
        );
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
