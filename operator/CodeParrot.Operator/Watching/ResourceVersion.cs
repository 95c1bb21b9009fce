using System.Globalization;

namespace CodeParrot.Operator.Watching;

/// <summary>Versions of objects and lists, which grow with every write to a server.</summary>
internal static class ResourceVersion
{
    /// <summary>A version as a number; null where it is none, and cannot be compared.</summary>
    public static ulong? NumberOf(string version) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
