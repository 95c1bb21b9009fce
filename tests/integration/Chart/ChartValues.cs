namespace CodeParrot.Integration.Tests.Chart;

/// <summary>How the chart is installed: name, namespace and values.</summary>
internal sealed record ChartValues
{
    /// <summary>Name of the release.</summary>
    public string Release { get; init; } = "codeparrot";

    /// <summary>Namespace of the release.</summary>
    public string Namespace { get; init; } = "codeparrot-system";

    /// <summary>A file of values; empty for none.</summary>
    public string File { get; init; } = "";

    /// <summary>Single values over those, as <c>a.b=c</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The same for helm.</summary>
    public IEnumerable<string> Arguments =>
        [
            Release,
            Helm.Chart,
            "--namespace",
            Namespace,
            .. File.Length > 0 ? new[] { "--values", File } : [],
            .. Set.SelectMany(s => new[] { "--set", s }),
        ];
}
