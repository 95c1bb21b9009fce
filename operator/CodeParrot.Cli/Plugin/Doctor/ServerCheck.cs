using System.Globalization;
using k8s;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>The API server answers, and is one that the chart is made for.</summary>
internal sealed class ServerCheck : IDoctorCheck
{
    /// <summary>The oldest that the chart is made for: its kubeVersion, as a test sees to.</summary>
    public static readonly Version Oldest = new(1, 26);

    /// <inheritdoc/>
    public string Name => "API server";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        var found = await patient.Client.Version.GetCodeAsync(cancellationToken);
        var detail = $"{found.GitVersion} at {patient.Place.Connection.Server}";
        return
        [
            Parse(found.Major, found.Minor) >= Oldest
                ? Finding.Ok(Name, detail)
                : new Finding(
                    Name,
                    FindingLevel.Warning,
                    detail,
                    $"the chart is made for Kubernetes {Oldest} and newer: rules between fields may not be enforced"
                ),
        ];
    }

    // Some vendors write 28+ for 28.
    private static Version Parse(string major, string minor) => new(Number(major), Number(minor));

    private static int Number(string text) =>
        int.TryParse(text.TrimEnd('+'), CultureInfo.InvariantCulture, out var n) ? n : 0;
}
