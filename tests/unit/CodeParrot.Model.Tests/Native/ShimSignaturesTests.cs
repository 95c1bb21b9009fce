using CodeParrot.Model.Native;

namespace CodeParrot.Model.Tests.Native;

public class ShimSignaturesTests
{
    [Fact]
    public void Every_function_is_called_as_TorchSharp_declares_it() => Assert.Empty(ShimSignatures.Mismatches());

    [Fact]
    public void Another_name_argument_or_result_is_told_of()
    {
        var mismatches = ShimSignatures.Mismatches(typeof(OtherShim)).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(
            [
                "THSTensor_add is called as address(address, address), "
                    + "TorchSharp has address(address, address, address)",
                "THSTensor_exp_ is called as address(address), TorchSharp has Void(address)",
                "THSTensor_narrow is called as address(address, Int32, Int64, Int64), "
                    + "TorchSharp has address(address, Int64, Int64, Int64)",
                "THSTensor_without is called as Void(), TorchSharp has none",
            ],
            mismatches
        );
    }

    // As this project would call a version that has changed.
    private static class OtherShim
    {
        public static nint THSTensor_t(nint tensor) => tensor;

        public static nint THSTensor_add(nint tensor, nint other) => tensor + other;

        public static nint THSTensor_exp_(nint tensor) => tensor;

        public static nint THSTensor_narrow(nint tensor, int dim, long start, long length) =>
            tensor + dim + (nint)(start + length);

        public static void THSTensor_without() { }
    }
}
