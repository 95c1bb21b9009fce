namespace CodeParrot.Contract.Spec;

/// <summary>Licences that documents may have.</summary>
public sealed record LicensesSpec
{
    /// <summary>Identifiers in lower case (mit, apache-2.0); empty allows any, also documents without one.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
