using System.Globalization;

namespace CodeParrot.Cli.Reports;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    private static readonly string[] CountUnits = ["", "K", "M", "G", "T", "P", "E"];

    /// <summary>Bytes as 1.5 GiB.</summary>
    public static string Bytes(double bytes) => Scale(bytes, 1024, ByteUnits, " ");

    /// <summary>A count as 111.0M.</summary>
    public static string Count(double count) => Scale(count, 1000, CountUnits, "");

    /// <summary>A duration as 2h03m, 4m05s or 12s.</summary>
    public static string Duration(TimeSpan duration) =>
        duration.TotalHours >= 1 ? $"{(long)duration.TotalHours}h{duration.Minutes:D2}m"
        : duration.TotalMinutes >= 1 ? $"{duration.Minutes}m{duration.Seconds:D2}s"
        : $"{duration.Seconds}s";

    /// <summary>A loss or the like with four significant digits; a dash for none.</summary>
    public static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A whole number with thousands apart.</summary>
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Scale(double value, double unit, string[] names, string gap)
    {
        var i = 0;
        while (value >= unit && i < names.Length - 1)
        {
            value /= unit;
            i++;
        }

        var digits = i == 0 ? "0" : "0.0";
        return value.ToString(digits, CultureInfo.InvariantCulture) + (names[i].Length > 0 ? gap + names[i] : "");
    }
}
