namespace CodeParrot.Api.Crd;

/// <summary>What the schema demands of one field beyond its type.</summary>
internal sealed record FieldBounds
{
    /// <summary>Largest whole number that every JSON reader keeps exactly.</summary>
    public const long MaxExact = 9007199254740991;

    /// <summary>Smallest number.</summary>
    public double? Minimum { get; init; }

    /// <summary>Largest number.</summary>
    public double? Maximum { get; init; }

    /// <summary>True leaves <see cref="Minimum"/> itself out.</summary>
    public bool ExclusiveMinimum { get; init; }

    /// <summary>True leaves <see cref="Maximum"/> itself out.</summary>
    public bool ExclusiveMaximum { get; init; }

    /// <summary>Fewest characters.</summary>
    public int? MinLength { get; init; }

    /// <summary>Most characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression (RE2) that finds a match in the text.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only texts allowed.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Most items of a list.</summary>
    public int? MaxItems { get; init; }

    /// <summary>Most entries of a map, or keys of an object that is carried unread.</summary>
    public int? MaxProperties { get; init; }

    /// <summary>Key by which the items of a list are one map.</summary>
    public string? ListKey { get; init; }

    /// <summary>True refuses an object that leaves the field out.</summary>
    public bool Required { get; init; }

    /// <summary>A whole number; both ends are allowed.</summary>
    public static FieldBounds Whole(long least, long most = int.MaxValue) => new() { Minimum = least, Maximum = most };

    /// <summary>A number; without <paramref name="most"/> there is no upper end.</summary>
    public static FieldBounds Number(double least, double? most = null) => new() { Minimum = least, Maximum = most };

    /// <summary>A text of at most so many characters.</summary>
    public static FieldBounds Text(int most, int least = 0) =>
        new() { MaxLength = most, MinLength = least > 0 ? least : null };

    /// <summary>A list.</summary>
    public static FieldBounds Items(int most) => new() { MaxItems = most };

    /// <summary>A map.</summary>
    public static FieldBounds Entries(int most) => new() { MaxProperties = most };
}
