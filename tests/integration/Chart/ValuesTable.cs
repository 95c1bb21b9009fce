using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The table of good values: one file a row.</summary>
internal static class ValuesTable
{
    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Combine(Programs.Root, "tests", "integration", "Chart", "values");

    /// <summary>Its rows.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    /// <summary>A row.</summary>
    public static ChartValues Of(string name) => new() { File = Path.Combine(Folder, name + ".yaml") };
}
