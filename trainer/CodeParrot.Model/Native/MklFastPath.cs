using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace CodeParrot.Model.Native;

/// <summary>
/// MKL, which multiplies fp32 matrices inside libtorch, takes its fast path on Intel's processors only, whatever others
/// can do. It asks once, and keeps the answer in a word of its own data: -1 until then. On AMD this answers first
/// (docs/decisions/0017-mkl-on-amd.md).
/// </summary>
public static unsafe class MklFastPath
{
    private const string Question = "mkl_serv_intel_cpu_true";
    private const int Undecided = -1;
    private const int Yes = 1;

    // mov eax, [rip + distance]; test eax, eax; js …; ret: the word is that far behind the first instruction.
    private const int MoveBytes = 6;
    private static ReadOnlySpan<byte> Move => [0x8b, 0x05];
    private static ReadOnlySpan<byte> Rest => [0x85, 0xc0, 0x78, 0x01, 0xc3];

    /// <summary>
    /// Switches the fast path on for this process if its processor is an AMD with AVX2 and nothing was multiplied yet.
    /// </summary>
    /// <returns>Whether it did; false where it is on by itself, or where this MKL is not one that was tried.</returns>
    /// <exception cref="PlatformNotSupportedException">Products are wrong afterwards.</exception>
    public static bool Enable() => Processor.IsAmd && Avx2.IsSupported && Fma.IsSupported && Enable(FindQuestion());

    /// <summary>The same for a given function, whatever the processor.</summary>
    internal static bool Enable(byte* question)
    {
        var answer = AnswerOf(question);
        if (answer is null || *answer != Undecided)
        {
            return false;
        }

        *answer = Yes;
        CheckProducts();
        return true;
    }

    /// <summary>MKL's function in libtorch, or null.</summary>
    internal static byte* FindQuestion()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        var library = NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, searchPath: null);
        return NativeLibrary.TryGetExport(library, Question, out var address) ? (byte*)address : null;
    }

    /// <summary>Where it keeps its answer, or null where the code is not as expected.</summary>
    internal static int* AnswerOf(byte* question)
    {
        if (question is null)
        {
            return null;
        }

        var code = new ReadOnlySpan<byte>(question, MoveBytes + Rest.Length);
        return code.StartsWith(Move) && code[MoveBytes..].SequenceEqual(Rest)
            ? (int*)(question + MoveBytes + *(int*)(question + Move.Length))
            : null;
    }

    private static void CheckProducts()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        // Odd sizes: every edge of the kernels' tiles takes part.
        var (a, b) = (Pattern(67, 131), Pattern(131, 93));
        var exact = a.to(torch.ScalarType.Float64).matmul(b.to(torch.ScalarType.Float64));
        var exactSum = exact.to(torch.ScalarType.Float32);
#pragma warning disable RS0030 // In host memory, once a process.
        if (!a.matmul(b).allclose(exactSum, rtol: 1e-4, atol: 1e-4))
#pragma warning restore RS0030
        {
            throw new PlatformNotSupportedException(
                "MKL's fast path gives wrong products on this processor: set CODEPARROT_MKL_FAST_PATH=0"
            );
        }
    }

    private static torch.Tensor Pattern(int rows, int columns)
    {
        var values = Enumerable.Range(0, rows * columns).Select(i => (i * 37 % 101 / 50f) - 1);
        return torch.tensor(values.ToArray(), [rows, columns]);
    }
}
