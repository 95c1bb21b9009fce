namespace CodeParrot.Corpus.Secrets;

/// <summary>Finds all secrets of a text. Safe for concurrent use.</summary>
internal static class SecretFinder
{
    /// <summary>Counts up when other secrets are found in the same text, or replaced otherwise.</summary>
    public const int RulesVersion = 1;

    private static readonly ISecretDetector[] Detectors =
    [
        new PrivateKeyDetector(),
        new KeyDetector(),
        new UrlPasswordDetector(),
        new NamedSecretDetector(),
        new EmailDetector(),
        new IpAddressDetector(),
    ];

    /// <summary>Returns the secrets in the order of the text; none overlap.</summary>
    public static List<Secret> Find(ReadOnlySpan<char> text)
    {
        var found = new List<Secret>();
        foreach (var detector in Detectors)
            detector.Find(text, found);
        if (found.Count == 0)
            return found;
        found.Sort((one, other) => (one.Start, one.Kind).CompareTo((other.Start, other.Kind)));
        var apart = new List<Secret>(found.Count);
        foreach (var secret in found)
        {
            var escape = TextContext.EscapeLength(text, secret.Start);
            if (escape >= secret.Length)
                continue;
            var kept = secret with { Start = secret.Start + escape, Length = secret.Length - escape };
            if (apart.Count == 0 || kept.Start >= apart[^1].End)
                apart.Add(kept);
            else if (kept.Kind < apart[^1].Kind)
                apart[^1] = kept;
        }
        return apart;
    }
}
