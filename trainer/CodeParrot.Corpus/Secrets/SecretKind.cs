namespace CodeParrot.Corpus.Secrets;

/// <summary>What a secret is. Where two kinds fit the same text, the one that stands first here is taken.</summary>
public enum SecretKind
{
    /// <summary>The body of a PEM block with a private key.</summary>
    PrivateKey,

    /// <summary>A key or token in the format of a known service.</summary>
    Key,

    /// <summary>A password in a URL.</summary>
    UrlPassword,

    /// <summary>A random text that is assigned to a name such as <c>api_key</c>.</summary>
    NamedSecret,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A public IP address of a host.</summary>
    IpAddress,
}
