namespace CodeParrot.Api.Crd;

/// <summary>When an edit of a field of the spec acts.</summary>
public enum FieldClass
{
    /// <summary>At the next attempt.</summary>
    Recipe,

    /// <summary>Never once the run has begun: the field gives the weights their meaning.</summary>
    Identity,

    /// <summary>At once.</summary>
    Control,
}
