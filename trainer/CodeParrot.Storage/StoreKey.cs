using System.Text;

namespace CodeParrot.Storage;

/// <summary>
/// The rules for keys, alike in all stores so that a run moves between them: segments joined by <c>/</c>, none empty,
/// <c>.</c>, <c>..</c> or <see cref="ReservedSegment"/>; no control characters; at most 1,024 bytes of UTF-8 in all and
/// 255 a segment.
/// </summary>
public static class StoreKey
{
    /// <summary>The folder that stores keep for themselves; no key may name it, and no listing shows it.</summary>
    public const string ReservedSegment = ".codeparrot-store";

    private const int MaxKeyBytes = 1024;
    private const int MaxSegmentBytes = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Throws unless every store can hold an object of this key.</summary>
    /// <exception cref="ArgumentException">The key breaks a rule; the message says which.</exception>
    public static void Validate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Complaint(key) is { } complaint)
            throw new ArgumentException($"store key '{Printable(key)}': {complaint}", nameof(key));
    }

    /// <summary>Throws unless keys can begin with this prefix. Empty and ending in <c>/</c> are fine.</summary>
    /// <exception cref="ArgumentException">The prefix breaks a rule; the message says which.</exception>
    public static void ValidatePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var folder = prefix.EndsWith('/') ? prefix[..^1] : prefix;
        // A last segment of dots may go on: ".." begins "..data".
        var probe = prefix.EndsWith('/') ? folder : folder + "x";
        if (prefix.Length > 0 && Complaint(probe) is { } complaint)
            throw new ArgumentException($"store prefix '{Printable(prefix)}': {complaint}", nameof(prefix));
    }

    internal static bool IsReserved(string key) => key.Split('/').Contains(ReservedSegment, StringComparer.Ordinal);

    private static string? Complaint(string key)
    {
        if (key.Length == 0)
            return "must not be empty";
        if (key.StartsWith('/'))
            return "must be relative, without a leading '/'";
        if (key.Any(char.IsControl))
            return "must not contain control characters";
        if (ByteCount(key) is not { } bytes)
            return "must be valid Unicode, without lone surrogates";
        if (bytes > MaxKeyBytes)
            return $"must be at most {MaxKeyBytes} bytes of UTF-8, was {bytes}";
        return key.Split('/').Select(SegmentComplaint).FirstOrDefault(complaint => complaint is not null);
    }

    private static string? SegmentComplaint(string segment) =>
        segment switch
        {
            "" => "must not contain an empty segment ('//' or a trailing '/')",
            "." or ".." => $"must not contain the segment '{segment}'",
            ReservedSegment => $"must not contain '{ReservedSegment}', which the store keeps for itself",
            _ when Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes =>
                $"must not contain a segment of more than {MaxSegmentBytes} bytes of UTF-8",
            _ => null,
        };

    private static int? ByteCount(string key)
    {
        try
        {
            return StrictUtf8.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static string Printable(string key) =>
        string.Concat(key.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
