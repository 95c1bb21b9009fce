namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">How it ended.</param>
/// <param name="Detail">What is so.</param>
/// <param name="Remedy">What to do; empty where nothing is to be done.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Detail, string Remedy = "")
{
    /// <summary>As it must be.</summary>
    public static Finding Ok(string check, string detail) => new(check, FindingLevel.Ok, detail);

    /// <summary>Not looked at.</summary>
    public static Finding Skipped(string check, string why) => new(check, FindingLevel.Skipped, why);
}
