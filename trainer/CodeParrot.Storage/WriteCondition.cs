namespace CodeParrot.Storage;

/// <summary>When a write may take place. The default is <see cref="Always"/>.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool isIfAbsent, string? expectedETag)
    {
        IsIfAbsent = isIfAbsent;
        ExpectedETag = expectedETag;
    }

    /// <summary>Gets the condition that always holds: the object is created or replaced.</summary>
    public static WriteCondition Always => default;

    /// <summary>Gets the condition that the object does not exist: of several writers exactly one wins.</summary>
    public static WriteCondition IfAbsent => new(isIfAbsent: true, expectedETag: null);

    /// <summary>Gets whether the object must not exist.</summary>
    public bool IsIfAbsent { get; }

    /// <summary>Gets the tag that the object must have, or <see langword="null"/> when any will do.</summary>
    public string? ExpectedETag { get; }

    /// <summary>Gets whether nothing is asked.</summary>
    public bool IsAlways => !IsIfAbsent && ExpectedETag is null;

    /// <summary>The condition that the object exists with this tag: compare and swap.</summary>
    /// <param name="etag">The tag from <see cref="ObjectInfo.ETag"/>.</param>
    public static WriteCondition IfMatch(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return new(isIfAbsent: false, etag.Trim('"'));
    }

    /// <summary>
    /// Returns whether the condition holds for the object as it is, <see langword="null"/> when absent.
    /// </summary>
    public bool HoldsFor(ObjectInfo? current) =>
        IsAlways || (IsIfAbsent ? current is null : current is not null && current.ETag == ExpectedETag);

    /// <inheritdoc/>
    public override string ToString() =>
        IsAlways ? "always"
        : IsIfAbsent ? "if absent"
        : $"if its tag is {ExpectedETag}";
}
