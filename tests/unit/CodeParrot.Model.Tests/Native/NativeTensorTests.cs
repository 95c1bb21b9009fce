using System.Runtime.InteropServices;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Native;

// Whether the operations compute what they say is the self-test's matter, which runs in front of every model.
public class NativeTensorTests
{
    [Fact]
    public void A_scope_frees_what_was_made_in_it_and_the_outer_one_what_was_moved_out()
    {
        var before = LibTorch.LiveTensors;
        using (TensorScope.Open())
        {
            var moved = Made();
            Assert.Equal(before + 1, LibTorch.LiveTensors);
            Assert.Equal([7f, 7f], moved.HostSpan<float>().ToArray());
        }

        Assert.Equal(before, LibTorch.LiveTensors);

        static NativeTensor Made()
        {
            using var scope = TensorScope.Open();
            using var seven = NativeScalar.Of(7f);
            using var source = torch.zeros(4);
            var shared = NativeTensor.Share(source);
            var result = shared.NewZeros(torch.float32, 2).Fill_(seven);
            shared.NewZeros(torch.float32, 2).Dispose();
            _ = shared.NewZeros(torch.float32, 3);
            return result.MoveToOuterScope();
        }
    }

    [Fact]
    public void An_exception_leaves_nothing_behind()
    {
        var before = LibTorch.LiveTensors;

        Assert.Throws<LibTorchException>(() =>
        {
            using var scope = TensorScope.Open();
            using var inner = TensorScope.Open();
            Zeros(2, 3).MatMul(Zeros(2, 3));
        });

        Assert.Equal(before, LibTorch.LiveTensors);
    }

    [Fact]
    public void What_is_kept_outlives_its_scope_until_it_is_freed()
    {
        var before = LibTorch.LiveTensors;
        NativeTensor kept;
        using (TensorScope.Open())
        {
            kept = Zeros(2).Keep();
        }

        Assert.Equal(before + 1, LibTorch.LiveTensors);
        Assert.Equal(2, kept.Count);
        kept.Free();
        Assert.Equal(before, LibTorch.LiveTensors);
    }

    [Fact]
    public void A_scope_holds_more_tensors_than_any_before()
    {
        var before = LibTorch.LiveTensors;
        using (TensorScope.Open())
        {
            for (var i = 0; i < 2000; i++)
            {
                _ = Zeros(1);
            }

            Assert.Equal(before + 2000, LibTorch.LiveTensors);
        }

        Assert.Equal(before, LibTorch.LiveTensors);
    }

    [Fact]
    public void Tensors_are_made_and_moved_only_where_a_scope_frees_them()
    {
        var before = LibTorch.LiveTensors;

        Assert.Throws<InvalidOperationException>(() => Zeros(1));
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = TensorScope.Open();
            Zeros(1).MoveToOuterScope();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = TensorScope.Open();
            var outer = Zeros(1);
            using var inner = TensorScope.Open();
            outer.MoveToOuterScope();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = TensorScope.Open();
            var twice = Zeros(1);
            twice.Dispose();
            twice.Dispose();
        });

        Assert.Equal(before, LibTorch.LiveTensors);
    }

    [Fact]
    public void A_failed_call_says_what_libtorch_says()
    {
        var failures = Failures();

        Assert.All(failures, failure => Assert.IsAssignableFrom<ExternalException>(failure));
        Assert.Equal(["MatMul", "Add_", "Size", "Unbind", "Gradient", "Backward"], failures.Select(f => f.Call));
        Assert.Contains("MatMul: mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)", failures[0].Message);
        Assert.Contains("must match the size of tensor", failures[1].Message);
        Assert.Contains("Dimension out of range", failures[2].Message);
        Assert.Contains("must have the size 3", failures[3].Message);
        Assert.Contains("there is none", failures[4].Message);
        Assert.Contains("does not require grad", failures[5].Message);
        // Nothing of a failure stays for the next call.
        using var scope = TensorScope.Open();
        Assert.Equal(2, Zeros(2).Add_(Zeros(2)).Size(0));
    }

    private static List<LibTorchException> Failures()
    {
        using var scope = TensorScope.Open();
        var (two, three) = (Zeros(2), Zeros(3));
        return
        [
            Assert.Throws<LibTorchException>(() => two.Reshape(1, 2).MatMul(three.Reshape(1, 3))),
            Assert.Throws<LibTorchException>(() => two.Add_(three)),
            Assert.Throws<LibTorchException>(() => two.Size(4)),
            Assert.Throws<LibTorchException>(() => two.Unbind(0)),
            Assert.Throws<LibTorchException>(() => two.Gradient),
            Assert.Throws<LibTorchException>(() => two.Backward(two)),
        ];
    }

    [Fact]
    public void A_tensor_of_TorchSharp_and_its_handle_share_memory_and_end_apart()
    {
        using var scope = TensorScope.Open();
        var source = torch.zeros(2);
        var shared = NativeTensor.Share(source);
        using var back = shared.ToTensor();
        source.Dispose();

        shared.Fill_(NativeScalar.One);
        shared.Dispose();

        Assert.Equal([1f, 1f], LibTorch.Span<float>(back, 0, 2).ToArray());
    }

    [Fact]
    public void Memory_of_another_type_or_with_gaps_is_not_read()
    {
        using var scope = TensorScope.Open();
        var matrix = Zeros(4, 4);

        Assert.Throws<ArgumentException>(() => matrix.HostSpan<long>().Length);
        Assert.Throws<ArgumentException>(() => matrix.Narrow(1, 0, 2).HostSpan<float>().Length);
    }

    private static NativeTensor Zeros(params long[] shape)
    {
        using var zeros = torch.zeros(shape);
        return NativeTensor.Share(zeros);
    }
}
