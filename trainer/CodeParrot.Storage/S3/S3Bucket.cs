using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;

namespace CodeParrot.Storage.S3;

/// <summary>
/// One bucket and prefix as all requests see it: how keys are named on the wire, and what happens when a request fails.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    private const int MaxDamagedUploads = 2;

    private readonly DirectoryCredentials? _credentials;
    private readonly Random _jitter;
    private readonly Lock _jitterGate = new();

    public S3Bucket(StoreLocation location, StoreOptions options, TimeProvider time)
    {
        Location = location;
        Options = options;
        Time = time;
        _jitter = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        if (options.CredentialsDirectory is not null)
            _credentials = new DirectoryCredentials(location, options.CredentialsDirectory);
        Client = S3Clients.Create(options, _credentials ?? ExplicitCredentials(options));
    }

    public StoreLocation Location { get; }

    public StoreOptions Options { get; }

    public TimeProvider Time { get; }

    public AmazonS3Client Client { get; }

    public string Name => Location.Bucket!;

    /// <summary>Gets what stands before every key on the wire: empty, or ending in a slash.</summary>
    public string Prefix => Location.Path.Length == 0 ? "" : Location.Path + "/";

    public string WireKey(string key) => Prefix + key;

    public Backoff NewBackoff() => new(Options, Time, NextJitter);

    /// <summary>Sends a request until it succeeds, is refused for good, or the retry budget is used up.</summary>
    /// <param name="key">The key that messages name.</param>
    /// <param name="send">Sends it once; may arm the guard as its body proceeds.</param>
    /// <param name="bodyBytes">The size of the body in bytes; a damaged one is sent again.</param>
    /// <param name="cancellationToken">Ends the request and its retries.</param>
    /// <exception cref="StoreException">The request failed for good.</exception>
    public async Task<T> CallAsync<T>(
        string key,
        Func<RequestGuard, Task<T>> send,
        long bodyBytes,
        CancellationToken cancellationToken
    )
    {
        var backoff = NewBackoff();
        for (var damaged = 0; ; )
        {
            var credentials = _credentials?.GetCredentials();
            using var guard = new RequestGuard(Options.RequestTimeout, Time, cancellationToken);
            Exception transient;
            try
            {
                return await send(guard);
            }
            catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
            {
                var kind = S3Fault.KindOf(fault);
                if (kind == S3FaultKind.DamagedUpload && bodyBytes > 0 && damaged++ < MaxDamagedUploads)
                    continue;
                // A wrong secret shows as a wrong signature, too.
                if (kind is S3FaultKind.Denied or S3FaultKind.DamagedUpload && HasOtherCredentials(credentials))
                    continue;
                if (kind != S3FaultKind.Transient)
                    throw S3Fault.Describe(Location, key, bodyBytes, fault);
                transient = fault;
            }
            await backoff.WaitAsync(Location, key, transient, cancellationToken);
        }
    }

    public void Dispose() => Client.Dispose();

    private static BasicAWSCredentials? BasicCredentials(StoreOptions options) =>
        options.AccessKey is null ? null : new BasicAWSCredentials(options.AccessKey, options.SecretKey);

    private static AWSCredentials? ExplicitCredentials(StoreOptions options) =>
        options.AccessKey is not null && options.SessionToken is not null
            ? new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken)
            : BasicCredentials(options);

    private bool HasOtherCredentials(ImmutableCredentials? refused) =>
        refused is not null && _credentials!.TryReplace(refused);

    private double NextJitter()
    {
        lock (_jitterGate)
            return _jitter.NextDouble();
    }
}
