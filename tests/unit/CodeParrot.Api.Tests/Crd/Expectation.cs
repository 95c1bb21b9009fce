namespace CodeParrot.Api.Tests.Crd;

/// <summary>What is to become of a manifest.</summary>
public enum Expectation
{
    /// <summary>Taken by the schema and the validator.</summary>
    Taken,

    /// <summary>Refused by both, at the field that is set.</summary>
    OutOfBounds,

    /// <summary>Refused by a rule between fields, and by the validator.</summary>
    RefusedByRule,

    /// <summary>
    /// Refused by the schema, taken by the validator: the schema may be loosened later, never tightened.
    /// </summary>
    Stricter,

    /// <summary>An edit that is refused once the run has begun, there and back.</summary>
    HeldOnceBegun,

    /// <summary>An edit that is taken at any time.</summary>
    Free,
}
