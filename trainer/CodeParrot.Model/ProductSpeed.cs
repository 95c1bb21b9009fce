using System.Diagnostics;
using static TorchSharp.torch;

namespace CodeParrot.Model;

/// <summary>
/// How fast this machine's CPU multiplies matrices, with the threads that training uses. A CPU has no data sheet that
/// says what its libraries reach.
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
    public static double OperationsPerSecond(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(1, CPU);
        var type = Gpt2.TypeOf(precision);
        var x_NC = randn([Rows, Width], ScalarType.Float32, CPU, generator: generator).to(type);
        var w_CC = randn([Width, Width], ScalarType.Float32, CPU, generator: generator).to(type);
        // The best of a few, so that other load on the machine matters little.
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            x_NC.matmul(w_CC).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Operations / best;
    }
}
