namespace CodeParrot.Corpus.Secrets;

/// <summary>What happens to documents with secrets or personal data.</summary>
public enum SecretHandling
{
    /// <summary>Nothing is looked for.</summary>
    Keep,

    /// <summary>Secrets are replaced.</summary>
    Redact,

    /// <summary>Documents with secrets are dropped.</summary>
    Drop,
}
