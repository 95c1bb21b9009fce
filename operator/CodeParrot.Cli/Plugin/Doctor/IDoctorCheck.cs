namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>Looks at one thing that runs need.</summary>
internal interface IDoctorCheck
{
    /// <summary>What it looks at, as in <c>GPUs</c>.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken);
}
