using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// Calls every function of <see cref="LibTorch"/> once with known answers: with another libtorch the calls may still
/// resolve and yet mean something else, and a wrong optimiser step would go unnoticed for hours.
/// </summary>
internal static class LibTorchSelfTest
{
    private const double Tolerance = 1e-6;

    /// <exception cref="PlatformNotSupportedException">A call is missing, fails or answers wrongly.</exception>
    public static bool Run()
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            CheckMemory();
            CheckFusedAdamW();
            return true;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException or LibTorchException)
        {
            throw Unsupported(e.Message, e);
        }
    }

    private static unsafe void CheckMemory()
    {
        using var values = torch.tensor(new[] { 0f, 1, 2, 3, 4, 5 });
        using var tail = values.narrow(0, 2, 4);
        var first = *(float*)LibTorch.DataPointer(tail);
        using var alias = LibTorch.FromMemory(LibTorch.DataPointer(tail), [2, 2], torch.ScalarType.Float32);
        if (first != 2 || HostRead.ValueOf<float>(alias[1, 1]) != 5)
        {
            throw Unsupported($"addresses of tensors are off (read {first}, expected 2)");
        }
    }

    private static void CheckFusedAdamW()
    {
        using var parameters = torch.ones(40);
        using Scalar half = 0.5f;
        using var gradients = torch.empty(40).fill_(half);
        using var first = torch.zeros(40);
        using var second = torch.zeros(40);
        using var step = torch.ones(1);
        using Scalar two = 2f;
        using var divisor = torch.empty(1).fill_(two);
        // Halved in the same pass: as gradients of 0.5 that nothing divides.
        gradients.add_(gradients, LastingScalar.One);
        LibTorch.FusedAdamW([parameters], [gradients], [first], [second], step, 0.1, 0.2, new AdamWOptions(), divisor);

        // Decay first: 1 - 0.1 * 0.2 = 0.98; the first bias-corrected step is then lr * sign(gradient).
        var actual = new[] { parameters, first, second, gradients }
            .Select(t => (double)HostRead.ValueOf<float>(t[39]))
            .ToArray();
        double[] expected = [0.88, 0.05, 0.00025, 0.5];
        if (!actual.Zip(expected, (a, e) => Math.Abs(a - e) <= Tolerance).All(near => near))
        {
            throw Unsupported($"the fused AdamW gave {string.Join(", ", actual)} for {string.Join(", ", expected)}");
        }
    }

    private static PlatformNotSupportedException Unsupported(string problem, Exception? cause = null)
    {
        return new PlatformNotSupportedException(
            $"this libtorch does not behave as expected: {problem}. CodeParrot was tried with libtorch 2.10: "
                + "use the libtorch package that the project names",
            cause
        );
    }
}
