using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Estimate;

/// <summary>
/// What GPUs can do at most, from NVIDIA's data sheets: dense products (their figures with sparsity are twice these).
/// </summary>
public static class DevicePeaks
{
    private const double Tera = 1e12;

    // 10^12 operations a second in bf16, fp16, TF32, fp32; 0 where the device has no such unit. The first name that a
    // device's own name contains counts: longer names stand before shorter ones.
    private static readonly (string Name, double Bf16, double Fp16, double Tf32, double Fp32)[] Table =
    [
        ("B200", 2250, 2250, 1125, 75),
        ("H200", 989, 989, 494, 67),
        ("H100 PCIe", 756, 756, 378, 51),
        ("H100 NVL", 835, 835, 417, 60),
        ("H100", 989, 989, 494, 67),
        ("A100", 312, 312, 156, 19.5),
        ("A40", 149.7, 149.7, 74.8, 37.4),
        ("A30", 165, 165, 82, 10.3),
        ("A10G", 70, 70, 35, 31.2),
        ("A10", 125, 125, 62.5, 31.2),
        ("L40S", 362, 362, 183, 91.6),
        ("L40", 181, 181, 90.5, 90.5),
        ("L4", 121, 121, 60, 30.3),
        ("V100", 0, 125, 0, 15.7),
        ("T4", 0, 65, 0, 8.1),
    ];

    /// <summary>Gets the names that are known.</summary>
    public static IEnumerable<string> Names => Table.Select(row => row.Name);

    /// <summary>Returns operations a second, or null for a device or a number format that is not known.</summary>
    /// <param name="device">The device's name as its driver says it, as in <c>NVIDIA A100-SXM4-80GB</c>.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    /// <param name="tensorFloat">True where fp32 products may use TF32.</param>
    public static double? Of(string device, Precision precision, bool tensorFloat = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        var row = Array.Find(Table, r => device.Contains(r.Name, StringComparison.OrdinalIgnoreCase));
        var tera = precision switch
        {
            Precision.Bf16 => row.Bf16,
            Precision.Fp16 => row.Fp16,
            _ => tensorFloat && row.Tf32 > 0 ? row.Tf32 : row.Fp32,
        };
        return tera > 0 ? tera * Tera : null;
    }
}
