using System.Diagnostics;
using static TorchSharp.torch;

namespace CodeParrot.Model;

/// <summary>
/// How fast this machine multiplies bf16 matrices beside fp32 ones. Processors differ by a factor of four: with AMX, or
/// on AMD since Zen 4, bf16 is twice as fast and more; on Intel without AMX it takes nearly twice as long.
/// </summary>
public static class ProductSpeed
{
    private const int Rows = 256;
    private const int Width = 768;
    private const int Rounds = 5;

    /// <summary>
    /// Times one small product in both formats on the CPU, some 30 milliseconds in all; the best of a few alternating
    /// rounds, so that other load on the machine matters little.
    /// </summary>
    /// <returns>Time in fp32 over time in bf16: above 1 where bf16 is the faster.</returns>
    public static double Bf16OverFp32()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(1, CPU);
        var x_NC = randn([Rows, Width], ScalarType.Float32, CPU, generator: generator);
        var w_CC = randn([Width, Width], ScalarType.Float32, CPU, generator: generator);
        var (xNarrow_NC, wNarrow_CC) = (x_NC.to(ScalarType.BFloat16), w_CC.to(ScalarType.BFloat16));
        var (wide, narrow) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            wide = Math.Min(wide, Seconds(x_NC, w_CC));
            narrow = Math.Min(narrow, Seconds(xNarrow_NC, wNarrow_CC));
        }

        return wide / narrow;
    }

    private static double Seconds(Tensor x_NC, Tensor w_CC)
    {
        var start = Stopwatch.GetTimestamp();
        x_NC.matmul(w_CC).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
