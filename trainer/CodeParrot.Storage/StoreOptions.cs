namespace CodeParrot.Storage;

/// <summary>
/// Where a store lies and how patiently it is spoken to. Only <see cref="Uri"/> matters for a directory.
/// </summary>
public sealed record StoreOptions
{
    private const long MiB = 1024 * 1024;

    /// <summary>Gets the location: <c>s3://bucket/prefix</c>, <c>file:///dir</c> or a path.</summary>
    public required string Uri { get; init; }

    /// <summary>
    /// Gets the server's address, as in <c>https://minio.example:9000</c>; none means Amazon's for the region.
    /// </summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// Gets the region that requests are signed for. Default <c>us-east-1</c>; Cloudflare R2 wants <c>auto</c>.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>Gets whether the bucket stands in the path rather than in the host name. Default true.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Gets a PEM file of the certificate authorities to trust instead of the system's.</summary>
    public string? CaBundlePath { get; init; }

    /// <summary>
    /// Gets a directory with the files <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and perhaps
    /// <c>AWS_SESSION_TOKEN</c>, as a mounted Kubernetes secret has them. Read again when the server refuses them.
    /// </summary>
    public string? CredentialsDirectory { get; init; }

    /// <summary>Gets the access key; with none and no directory the SDK's own chain is asked.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Gets the secret key that belongs to <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Gets the session token of temporary credentials.</summary>
    public string? SessionToken { get; init; }

    /// <summary>
    /// Gets the size of an upload's parts in bytes; grows where an object would need over 10,000. Default 16 MiB.
    /// </summary>
    public long PartSizeBytes { get; init; } = 16 * MiB;

    /// <summary>Gets how many parts of one object travel at once. Default 4.</summary>
    public int ParallelParts { get; init; } = 4;

    /// <summary>Gets how long a body may stand still before the connection is given up. Default 30 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long an answer may take once a request is sent. Default 120 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Gets for how long a request is tried again without any progress, so that a restart of the server is outlasted.
    /// Default 5 minutes.
    /// </summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets the longest wait between two tries; each wait is drawn between zero and its bound. Default 15 s.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the seed of the retries' jitter; none draws a seed for each store.</summary>
    public int? JitterSeed { get; init; }

    /// <summary>
    /// Returns every mistake in the options, with the field and the remedy; empty when they are good.
    /// </summary>
    public IEnumerable<string> Validate()
    {
        if (StoreLocation.TryParse(Uri, out var error) is not { } location)
            yield return $"uri: {error}";
        else if (location.IsLocal)
            yield break;
        if (Endpoint is not null && !IsHttp(Endpoint))
            yield return $"endpoint: must be http://host:port or https://host:port, was '{Endpoint}'";
        if (CaBundlePath is not null && !File.Exists(CaBundlePath))
            yield return $"caBundlePath: must be a PEM file, '{CaBundlePath}' does not exist";
        if (CredentialsDirectory is not null && AccessKey is not null)
            yield return "credentialsDirectory: must not be given together with accessKey; leave one out";
        if (CredentialsDirectory is not null && !Directory.Exists(CredentialsDirectory))
            yield return $"credentialsDirectory: must be a directory, '{CredentialsDirectory}' does not exist";
        if (AccessKey is null != SecretKey is null)
            yield return "secretKey: must be given together with accessKey; give both or none";
        if (SessionToken is not null && AccessKey is null)
            yield return "sessionToken: must be given together with accessKey and secretKey";
        if (PartSizeBytes is < 5 * MiB or > 5120 * MiB)
            yield return $"partSizeBytes: must be from 5 MiB to 5 GiB, was {PartSizeBytes}";
        if (ParallelParts is < 1 or > 64)
            yield return $"parallelParts: must be from 1 to 64, was {ParallelParts}";
        foreach (var (name, value) in Durations().Where(duration => duration.Value <= TimeSpan.Zero))
            yield return $"{name}: must be longer than zero, was {value}";
    }

    private static bool IsHttp(string endpoint) =>
        System.Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && (uri.Scheme == System.Uri.UriSchemeHttp || uri.Scheme == System.Uri.UriSchemeHttps);

    private IEnumerable<(string Name, TimeSpan Value)> Durations() =>
        [
            ("stallTimeout", StallTimeout),
            ("requestTimeout", RequestTimeout),
            ("retryBudget", RetryBudget),
            ("maxRetryDelay", MaxRetryDelay),
        ];
}
