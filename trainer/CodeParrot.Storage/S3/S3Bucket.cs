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

    // A role gives other credentials each time it is asked, also to those whom it allows nothing.
    private const int MaxReplacements = 2;

    // None where keys were given, which stay as they are.
    private readonly IStoreCredentials? _credentials;
    private readonly Random _jitter;
    private readonly Lock _jitterGate = new();

    public S3Bucket(StoreLocation location, StoreOptions options, TimeProvider time)
    {
        Location = location;
        Options = options;
        Time = time;
        _jitter = new Random(options.JitterSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        var signing = ExplicitCredentials(options) ?? ChangingCredentials(location, options);
        _credentials = signing as IStoreCredentials;
        Client = S3Clients.Create(options, signing);
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
        var replaced = 0;
        for (var damaged = 0; ; )
        {
            ImmutableCredentials? credentials = null;
            using var guard = new RequestGuard(Options.RequestTimeout, Time, cancellationToken);
            Exception transient;
            try
            {
                if (_credentials is not null)
                    credentials = await _credentials.GetCredentialsAsync().WaitAsync(guard.Token);
                return await send(guard);
            }
            catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
            {
                var kind = S3Fault.KindOf(fault);
                if (kind == S3FaultKind.DamagedUpload && bodyBytes > 0 && damaged++ < MaxDamagedUploads)
                    continue;
                // A wrong secret shows as a wrong signature, too.
                if (
                    kind is S3FaultKind.Denied or S3FaultKind.DamagedUpload
                    && credentials is not null
                    && replaced++ < MaxReplacements
                    && await _credentials!.TryReplaceAsync(credentials).WaitAsync(cancellationToken)
                )
                    continue;
                if (kind != S3FaultKind.Transient)
                    throw S3Fault.Describe(Location, key, bodyBytes, fault);
                transient = fault;
            }
            await backoff.WaitAsync(Location, key, transient, cancellationToken);
        }
    }

    public void Dispose() => Client.Dispose();

    private static AWSCredentials? ExplicitCredentials(StoreOptions options) =>
        options.AccessKey is null ? null
        : options.SessionToken is null ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
        : new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken);

    private static AWSCredentials ChangingCredentials(StoreLocation location, StoreOptions options) =>
        options.CredentialsDirectory is { } folder
            ? new DirectoryCredentials(location, folder)
            : new ChainCredentials(location);

    private double NextJitter()
    {
        lock (_jitterGate)
            return _jitter.NextDouble();
    }
}
