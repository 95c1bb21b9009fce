using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Tests.Estimate;

public sealed class DevicePeaksTests
{
    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB", Precision.Bf16, 312e12)]
    [InlineData("NVIDIA A100-SXM4-80GB", Precision.Fp32, 19.5e12)]
    [InlineData("NVIDIA H100 80GB HBM3", Precision.Bf16, 989e12)]
    [InlineData("NVIDIA H100 PCIe", Precision.Bf16, 756e12)]
    [InlineData("NVIDIA H200", Precision.Fp16, 989e12)]
    [InlineData("NVIDIA A10G", Precision.Bf16, 70e12)]
    [InlineData("NVIDIA A10", Precision.Bf16, 125e12)]
    [InlineData("NVIDIA L4", Precision.Bf16, 121e12)]
    [InlineData("NVIDIA L40S", Precision.Bf16, 362e12)]
    [InlineData("Tesla V100-SXM2-16GB", Precision.Fp16, 125e12)]
    [InlineData("Tesla T4", Precision.Fp16, 65e12)]
    public void Knows_what_data_sheets_say(string device, Precision precision, double peak)
    {
        Assert.Equal(peak, DevicePeaks.Of(device, precision));
    }

    [Fact]
    public void Fp32_may_run_on_tensor_units()
    {
        Assert.Equal(156e12, DevicePeaks.Of("NVIDIA A100-SXM4-80GB", Precision.Fp32, tensorFloat: true));
        Assert.Equal(8.1e12, DevicePeaks.Of("Tesla T4", Precision.Fp32, tensorFloat: true));
    }

    [Theory]
    [InlineData("Tesla V100-SXM2-16GB", Precision.Bf16)]
    [InlineData("Tesla T4", Precision.Bf16)]
    [InlineData("Somebody's own accelerator", Precision.Bf16)]
    [InlineData("", Precision.Fp32)]
    public void Says_nothing_where_there_is_nothing_known(string device, Precision precision)
    {
        Assert.Null(DevicePeaks.Of(device, precision));
    }

    [Fact]
    public void Every_name_finds_its_own_row()
    {
        // A shorter name before a longer one would hide it.
        var names = DevicePeaks.Names.ToList();

        for (var i = 0; i < names.Count; i++)
        {
            Assert.DoesNotContain(names.Take(i), earlier => names[i].Contains(earlier, StringComparison.Ordinal));
        }
    }
}
