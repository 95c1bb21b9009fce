namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>How a check ended.</summary>
internal enum FindingLevel
{
    /// <summary>As it must be.</summary>
    Ok,

    /// <summary>Not looked at: whoever asks may not look, or nothing needs it.</summary>
    Skipped,

    /// <summary>Works, and may not be what is meant.</summary>
    Warning,

    /// <summary>Runs will not work.</summary>
    Failed,
}
