using TorchSharp;
using static TorchSharp.torch;

namespace CodeParrot.Model.Native;

/// <summary>
/// Calls every operation of <see cref="NativeTensor"/> once with known answers. That their arguments are what
/// TorchSharp declares is known by then (<see cref="ShimSignatures"/>); this is what the operations do.
/// </summary>
internal static class TorchShimSelfTest
{
    private const float Tolerance = 1e-5f;

    /// <exception cref="InvalidOperationException">An operation answers wrongly; the message says which.</exception>
    /// <exception cref="LibTorchException">One failed.</exception>
    public static void Run()
    {
        using var scope = TensorScope.Open();
        using var numbers = arange(6, ScalarType.Float32, CPU);
        var x_23 = NativeTensor.Share(numbers).View(2, 3);
        CheckShapes(x_23);
        CheckArithmetic(x_23);
        CheckIndexing(x_23);
        CheckNetwork(x_23);
        CheckGradients(x_23);
        CheckRandom(x_23);
        CheckErrors(x_23);
    }

    private static void CheckShapes(NativeTensor x_23)
    {
        Expect("view", x_23, 0, 1, 2, 3, 4, 5);
        Expect("t", x_23.Transpose(), 0, 3, 1, 4, 2, 5);
        Expect("transpose", x_23.Transpose(0, 1), 0, 3, 1, 4, 2, 5);
        Expect("narrow", x_23.Narrow(1, 1, 2).Flatten(), 1, 2, 4, 5);
        var (a, b, c) = x_23.Transpose().Unbind(0);
        Expect("unbind", a.Add(b).Add(c), 3, 12);
        Expect("to", x_23.To(ScalarType.BFloat16).To(ScalarType.Float32), 0, 1, 2, 3, 4, 5);
        Expect("cpu", HostRead.CopyOf(x_23), 0, 1, 2, 3, 4, 5);
        Expect("detach", x_23.Unsqueeze(0).Squeeze(0).Detach(), 0, 1, 2, 3, 4, 5);
        var wide = x_23.Unsqueeze(2);
        if (wide.Dimensions != 3 || wide.Size(1) != 3 || wide.Size(-1) != 1 || wide.Count != 6 || wide.IsNone)
        {
            throw Wrong("a shape", wide.DescribeShape(), "[2, 3, 1]");
        }

        if (
            x_23.To(ScalarType.Float64) is var doubled
            && (doubled.Type, doubled.Device) is not (ScalarType.Float64, DeviceType.CPU)
        )
        {
            throw Wrong("a type", $"{doubled.Type} {doubled.Device}", "fp64 on the CPU");
        }
    }

    private static void CheckArithmetic(NativeTensor x_23)
    {
        using var half = NativeScalar.Of(0.5f);
        using var four = NativeScalar.Of(4.0);
        var y_23 = x_23.NewZeros(ScalarType.Float32, 6).View(2, 3);
        Expect("zeros and add", y_23.Add(x_23).Add_(x_23).Subtract_(y_23), 0, 2, 4, 6, 8, 10);
        Expect("empty and fill_", x_23.NewEmpty(ScalarType.Float32, 2).Fill_(half), 0.5f, 0.5f);
        Expect("copy_", y_23.Copy_(x_23).Multiply_(half), 0, 0.5f, 1, 1.5f, 2, 2.5f);
        Expect(
            "mul and div_",
            y_23.Multiply(four).Divide_(half).Divide_(NativeScalar.MinusOne),
            0,
            -4,
            -8,
            -12,
            -16,
            -20
        );
        Expect("add_ with a factor", y_23.Add_(x_23, half), 0, 1, 2, 3, 4, 5);
        Expect("div_ by a tensor", y_23.Add_(Filled(y_23, 1)).Divide_(y_23.Contiguous()), 1, 1, 1, 1, 1, 1);
        Expect("exp_ and log", y_23.Exp_().Log(), 1, 1, 1, 1, 1, 1);
        Expect("zero_", y_23.Zero_(), 0, 0, 0, 0, 0, 0);
        Expect("amax", x_23.Greatest(1), 2, 5);
        Expect("sum", x_23.Sum(1, keep: true), 3, 12);
        Expect("sum of all", x_23.Sum(0, keep: false).Sum(ScalarType.Float64).To(ScalarType.Float32), 15);
        var flat = x_23.Flatten();
        Expect("dot", flat.Dot(flat), 55);
    }

    private static void CheckIndexing(NativeTensor x_23)
    {
        using var rows = tensor(new long[] { 1, 0 });
        var rows_2 = NativeTensor.Share(rows);
        Expect("index_select", x_23.IndexSelect(0, rows_2), 3, 4, 5, 0, 1, 2);
        Expect("gather", x_23.Gather(1, rows_2.Unsqueeze(1)), 1, 3);
        var y_23 = x_23.NewZeros(ScalarType.Float32, 6).View(2, 3);
        Expect("scatter_add_", y_23.ScatterAdd_(1, rows_2.Unsqueeze(1), x_23), 0, 0, 0, 3, 0, 0);
        Expect("index_add_", y_23.IndexAdd_(0, rows_2, x_23), 3, 4, 5, 3, 1, 2);
    }

    private static void CheckNetwork(NativeTensor x_23)
    {
        Expect("mm", x_23.MatMul(x_23.Transpose()), 5, 14, 14, 50);
        var bias = Filled(x_23.Narrow(0, 0, 1).Flatten(), 1).Narrow(0, 0, 2);
        var product = NativeTensor.AddMm(bias, x_23, x_23.Transpose());
        Expect("addmm", product, 6, 15, 15, 51);
        Expect("addmm_", product.AddMm_(x_23, x_23.Transpose(), beta: 1, alpha: -1), 1, 1, 1, 1);
        var (ones, zeros) = (Filled(x_23, 1).Narrow(0, 0, 1).Flatten(), x_23.NewZeros(ScalarType.Float32, 3));
        var root = MathF.Sqrt(1.5f);
        Expect("layer_norm", x_23.LayerNorm(3, ones, zeros, 1e-12), -root, 0, root, -root, 0, root);
        Expect("gelu", x_23.Narrow(0, 0, 1).GeluTanh(), 0, 0.841192f, 1.954598f);
        var heads = x_23.View(1, 1, 2, 3);
        Expect("attention", NativeTensor.Attention(zeros.View(1, 1, 1, 3), heads, heads, 0, false), 1.5f, 2.5f, 3.5f);
        var query = x_23.NewZeros(ScalarType.Float32, 6).View(1, 1, 2, 3);
        Expect("causal", NativeTensor.Attention(query, heads, heads, 0, true), 0, 1, 2, 1.5f, 2.5f, 3.5f);
    }

    private static void CheckGradients(NativeTensor x_23)
    {
        using var recorded = GradientMode.Set(isOn: true);
        var leaf = x_23.Contiguous().Detach().RequireGradient();
        var place = x_23.NewZeros(ScalarType.Float32, 6).View(2, 3);
        using var three = NativeScalar.Of(3f);
        leaf.Multiply(three).Backward(x_23);
        Expect("backward", leaf.Gradient, 0, 3, 6, 9, 12, 15);
        leaf.SetGradient(place);
        leaf.Multiply(three).Backward(x_23);
        Expect("set_grad", place, 0, 3, 6, 9, 12, 15);
        using var noGradient = GradientMode.Off();
        var unrecorded = leaf.Multiply(three);
        if (
            TorchShim.THSTensor_requires_grad(leaf.Handle) != 1
            || TorchShim.THSTensor_requires_grad(unrecorded.Handle) != 0
        )
        {
            throw Wrong("no_grad", "a graph", "none");
        }
    }

    private static void CheckRandom(NativeTensor x_23)
    {
        var before = random.get_rng_state();
        NativeRandom.Restart(1, DeviceType.CPU);
        var (first, other) = (x_23.Dropout(0.5), x_23.Dropout(0.5));
        NativeRandom.Restart(1, DeviceType.CPU);
        Expect("manual_seed", x_23.Dropout(0.5), first.HostSpan<float>());
        Expect("dropout", other.Dropout(0), other.HostSpan<float>());
        random.set_rng_state(before);
        before.Dispose();
    }

    private static void CheckErrors(NativeTensor x_23)
    {
        try
        {
            x_23.MatMul(x_23);
        }
        catch (LibTorchException failure) when (failure.Message.Contains("2x3", StringComparison.Ordinal))
        {
            return;
        }

        throw Wrong("the product of 2x3 and 2x3", "a tensor", "an error");
    }

    // The shape of another one, and one value; by way of fp64, so that the other one keeps its own.
    private static NativeTensor Filled(NativeTensor like, int value)
    {
        using var number = NativeScalar.Of(value);
        return like.Contiguous().To(ScalarType.Float64).Fill_(number).To(ScalarType.Float32);
    }

    private static void Expect(string what, NativeTensor actual, params ReadOnlySpan<float> expected)
    {
        var values = actual.Contiguous().HostSpan<float>();
        var isNear = values.Length == expected.Length;
        for (var i = 0; isNear && i < values.Length; i++)
        {
            isNear = MathF.Abs(values[i] - expected[i]) <= Tolerance;
        }

        if (!isNear)
        {
            throw Wrong(what, string.Join(", ", values.ToArray()), string.Join(", ", expected.ToArray()));
        }
    }

    private static InvalidOperationException Wrong(string what, string actual, string expected) =>
        new($"{what} gave {actual} for {expected}");
}
