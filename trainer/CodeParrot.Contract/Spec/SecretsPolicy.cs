namespace CodeParrot.Contract.Spec;

/// <summary>What happens to secrets and personal data in documents.</summary>
public enum SecretsPolicy
{
    /// <summary>Nothing is looked for.</summary>
    Keep,

    /// <summary>Keys, passwords, e-mail and IP addresses are replaced, the same by the same in a document.</summary>
    Redact,

    /// <summary>Documents that hold one are dropped.</summary>
    Drop,
}
