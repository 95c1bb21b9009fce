namespace CodeParrot.Contract.Spec;

/// <summary>What happens to secrets and personal data in documents.</summary>
public enum SecretsPolicy
{
    /// <summary>Documents stay as they are.</summary>
    Keep,

    /// <summary>Secrets are replaced.</summary>
    Redact,

    /// <summary>Documents with secrets are dropped.</summary>
    Drop,
}
