namespace CodeParrot.Operator.Metrics;

/// <summary>Compares label values by what they say.</summary>
internal sealed class LabelComparer : IEqualityComparer<string[]>
{
    /// <summary>The only one.</summary>
    public static LabelComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(string[]? x, string[]? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    /// <inheritdoc/>
    public int GetHashCode(string[] obj)
    {
        var hash = default(HashCode);
        foreach (var value in obj)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
