using System.Diagnostics;
using static TorchSharp.torch;

namespace CodeParrot.Model;

/// <summary>
/// How fast this machine's CPU multiplies matrices, with the threads that training uses. A CPU has no data sheet that
/// says what its libraries reach, and processors differ: with AMX, or on AMD since Zen 4, bf16 is twice as fast as fp32
/// and more; on Intel without AMX it takes nearly twice as long.
/// </summary>
public static class ProductSpeed
{
    // 0.3 · 10^9 operations: some milliseconds on a core, and nine tenths of what larger products reach.
    private const int Rows = 256;
    private const int Width = 768;
    private const double Operations = 2.0 * Rows * Width * Width;
    private const int Rounds = 5;

    /// <summary>
    /// Times a small product, some milliseconds a round; on a machine that is busy just then the rate is too low.
    /// </summary>
    /// <returns>Floating point operations a second.</returns>
    public static double OperationsPerSecond(Precision precision) => Operations / BestSeconds(precision)[0];

    /// <summary>Times a small product in both formats, some 30 milliseconds in all.</summary>
    /// <returns>Time in fp32 over time in bf16: above 1 where bf16 is the faster.</returns>
    public static double Bf16OverFp32()
    {
        var best = BestSeconds(Precision.Fp32, Precision.Bf16);
        return best[0] / best[1];
    }

    // The best of a few alternating rounds, so that other load on the machine matters little.
    private static double[] BestSeconds(params ReadOnlySpan<Precision> precisions)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(1, CPU);
        var x_NC = randn([Rows, Width], ScalarType.Float32, CPU, generator: generator);
        var w_CC = randn([Width, Width], ScalarType.Float32, CPU, generator: generator);
        var factors = new (Tensor X_NC, Tensor W_CC)[precisions.Length];
        for (var i = 0; i < factors.Length; i++)
        {
            var type = Gpt2.TypeOf(precisions[i]);
            factors[i] = (x_NC.to(type), w_CC.to(type));
        }

        var best = new double[factors.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < factors.Length; i++)
            {
                best[i] = Math.Min(best[i], Seconds(factors[i].X_NC, factors[i].W_CC));
            }
        }

        return best;
    }

    private static double Seconds(Tensor x_NC, Tensor w_CC)
    {
        var start = Stopwatch.GetTimestamp();
        x_NC.matmul(w_CC).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
