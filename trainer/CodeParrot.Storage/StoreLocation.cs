namespace CodeParrot.Storage;

/// <summary>
/// Where a store lies: a directory (<c>file:///dir</c>, or a plain path) or a bucket with a prefix
/// (<c>s3://bucket/prefix</c>). Names are taken as written, without percent-decoding.
/// </summary>
public sealed record StoreLocation
{
    private const string FileScheme = "file://";
    private const string S3Scheme = "s3://";

    private StoreLocation(string? bucket, string path)
    {
        Bucket = bucket;
        Path = path;
    }

    /// <summary>Gets whether the store is a local directory.</summary>
    public bool IsLocal => Bucket is null;

    /// <summary>Gets the bucket, or <see langword="null"/> for a local directory.</summary>
    public string? Bucket { get; }

    /// <summary>Gets the absolute directory, or the prefix in the bucket without slashes at its ends.</summary>
    public string Path { get; }

    /// <summary>Reads a location; a relative path is taken from the current directory.</summary>
    /// <returns>The location, or <see langword="null"/> with the reason in <paramref name="error"/>.</returns>
    public static StoreLocation? TryParse(string uri, out string error)
    {
        ArgumentNullException.ThrowIfNull(uri);
        error = "";
        if (uri.StartsWith(S3Scheme, StringComparison.OrdinalIgnoreCase))
            return ParseBucket(uri[S3Scheme.Length..], ref error);
        if (uri.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = uri[FileScheme.Length..];
            if (path.StartsWith("localhost/", StringComparison.OrdinalIgnoreCase))
                path = path["localhost".Length..];
            if (!path.StartsWith('/'))
                error = $"must be file:///absolute/directory, was '{uri}'";
            return error.Length > 0 ? null : ParseDirectory(path, ref error);
        }
        if (uri.Contains("://", StringComparison.Ordinal))
            error = $"must begin with s3:// or file://, or be a path; was '{uri}'";
        return error.Length > 0 ? null : ParseDirectory(uri, ref error);
    }

    /// <summary>Reads a location.</summary>
    /// <exception cref="ArgumentException">The text names no store.</exception>
    public static StoreLocation Parse(string uri) =>
        TryParse(uri, out var error) ?? throw new ArgumentException($"store location: {error}", nameof(uri));

    /// <summary>Returns the location of an object, or of what lies below a prefix.</summary>
    public string UriOf(string key) => key.Length == 0 ? ToString() : Below(key).ToString();

    /// <summary>Returns the location below a prefix.</summary>
    public StoreLocation Below(string prefix)
    {
        var below = prefix.Trim('/');
        return below.Length == 0 ? this : new(Bucket, Path.Length == 0 ? below : $"{Path.TrimEnd('/')}/{below}");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsLocal ? FileScheme + Path
        : Path.Length == 0 ? S3Scheme + Bucket
        : $"{S3Scheme}{Bucket}/{Path}";

    private static StoreLocation? ParseDirectory(string path, ref string error)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            error = "must name a directory";
        return error.Length > 0
            ? null
            : new(null, System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
    }

    private static StoreLocation? ParseBucket(string rest, ref string error)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var prefix = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        if (bucket.Length is < 3 or > 63 || !bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            error = $"must be s3://bucket/prefix with a bucket of 3 to 63 letters, digits, '-' or '.'; was '{bucket}'";
        else
            error = PrefixComplaint(prefix);
        return error.Length > 0 ? null : new(bucket, prefix);
    }

    private static string PrefixComplaint(string prefix)
    {
        try
        {
            StoreKey.ValidatePrefix(prefix.Length == 0 ? "" : prefix + "/");
            return "";
        }
        catch (ArgumentException complaint)
        {
            return complaint.Message;
        }
    }
}
