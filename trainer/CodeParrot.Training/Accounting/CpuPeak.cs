using CodeParrot.Contract.Spec;
using TorchSharp;

namespace CodeParrot.Training.Accounting;

/// <summary>
/// A CPU has no data sheet that says what its libraries reach: a matrix product is timed when training starts. On a
/// machine that is busy just then the rate is too low, and the utilisation too high.
/// </summary>
internal static class CpuPeak
{
    // 0.27 · 10^9 operations: some milliseconds on a core, and nine tenths of what larger products reach.
    private const int Size = 512;
    private const int Tries = 4;

    /// <summary>
    /// Measures with the threads that training will use: the best of some products, a few milliseconds each.
    /// </summary>
    public static PeakRate Measure(Precision precision, TimeProvider time)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var type = TypeOf(precision);
        var a = torch.ones([Size, Size], type);
        var b = torch.ones([Size, Size], type);
        torch.mm(a, b);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var start = time.GetTimestamp();
            torch.mm(a, b);
            var elapsed = time.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }
        var operations = 2.0 * Size * Size * Size;
        return new PeakRate(operations / Math.Max(best.TotalSeconds, 1e-9), "a matrix product timed at start");
    }

    private static torch.ScalarType TypeOf(Precision precision) =>
        precision switch
        {
            Precision.Bf16 => torch.ScalarType.BFloat16,
            Precision.Fp16 => torch.ScalarType.Float16,
            _ => torch.ScalarType.Float32,
        };
}
