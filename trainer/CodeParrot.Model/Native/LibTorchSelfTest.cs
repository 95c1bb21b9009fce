using System.Runtime.InteropServices;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// Calls every function of <see cref="LibTorch"/> and <see cref="TorchShim"/> once with known answers: with another
/// libtorch the calls may still resolve and yet mean something else, and a wrong optimiser step would go unnoticed for
/// hours.
/// </summary>
internal static class LibTorchSelfTest
{
    private const double Tolerance = 1e-6;
    private const int Pieces = 7;

    /// <exception cref="PlatformNotSupportedException">A call is missing, fails or answers wrongly.</exception>
    public static bool Run()
    {
        var mismatches = ShimSignatures.Mismatches().ToList();
        if (mismatches.Count > 0)
        {
            throw Unsupported(string.Join("; ", mismatches));
        }

        try
        {
            TorchShimSelfTest.Run();
            CheckMemory();
            CheckParallelFor();
            CheckFusedAdamW();
            return true;
        }
        catch (Exception e)
            when (e
                    is EntryPointNotFoundException
                        or DllNotFoundException
                        or LibTorchException
                        or InvalidOperationException
            )
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
        using var scope = TensorScope.Open();
        var last = HostRead.ValueOf(NativeTensor.Share(alias).Flatten().Narrow(0, 3, 1));
        if (first != 2 || last != 5)
        {
            throw Unsupported($"addresses of tensors are off (read {first} and {last}, expected 2 and 5)");
        }
    }

    private static unsafe void CheckParallelFor()
    {
        var done = stackalloc int[Pieces];
        new Span<int>(done, Pieces).Clear();
        LibTorch.ParallelFor(Pieces, &Count, done);
        if (!new Span<int>(done, Pieces).SequenceEqual([1, 1, 1, 1, 1, 1, 1]))
        {
            throw Unsupported("work divided between threads was not done once each");
        }
    }

    [UnmanagedCallersOnly]
    private static unsafe void Count(long begin, long end, void* done)
    {
        for (var i = begin; i < end; i++)
        {
            ((int*)done)[i]++;
        }
    }

    private static void CheckFusedAdamW()
    {
        using var scope = TensorScope.Open();
        using var number = torch.ones(1);
        var step = NativeTensor.Share(number);
        using var two = NativeScalar.Of(2f);
        var divisor = step.NewEmpty(torch.ScalarType.Float32, 1).Fill_(two);
        NativeTensor New(NativeScalar value) => step.NewEmpty(torch.ScalarType.Float32, 40).Fill_(value);
        var (parameters, gradients) = (New(NativeScalar.One), New(NativeScalar.One));
        var (first, second) = (New(NativeScalar.Zero), New(NativeScalar.Zero));
        // Halved in the same pass: as gradients of 0.5 that nothing divides.
        FusedAdamW.Run([parameters], [gradients], [first], [second], step, 0.1, 0.2, new AdamWOptions(), divisor);

        // Decay first: 1 - 0.1 * 0.2 = 0.98; the first bias-corrected step is then lr * sign(gradient).
        var actual = new[] { parameters, first, second, gradients }
            .Select(t => HostRead.ValueOf(t.Narrow(0, 39, 1)))
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
            $"this libtorch does not behave as expected: {problem}. CodeParrot was tried with TorchSharp 0.107 and "
                + "libtorch 2.10: use the packages that the project names",
            cause
        );
    }
}
