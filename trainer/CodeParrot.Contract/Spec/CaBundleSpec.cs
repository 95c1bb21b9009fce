namespace CodeParrot.Contract.Spec;

/// <summary>A ConfigMap's key that holds certificates in PEM form.</summary>
public sealed record CaBundleSpec
{
    /// <summary>Name of the ConfigMap; empty means the system's certificates.</summary>
    public string ConfigMap { get; init; } = "";

    /// <summary>Key in the ConfigMap.</summary>
    public string Key { get; init; } = "";
}
