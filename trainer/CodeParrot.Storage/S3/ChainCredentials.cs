using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace CodeParrot.Storage.S3;

/// <summary>
/// What the SDK's own chain finds: variables, a role by web identity, a profile, the agent of the container or the
/// node. A service that does not answer is worth another try; one that refuses is not, and the message says what to do.
/// </summary>
/// <param name="location">The store that messages name.</param>
/// <param name="find">Walks the chain; the default is the SDK's, which remembers what it found.</param>
internal sealed class ChainCredentials(StoreLocation location, Func<Task<AWSCredentials>>? find = null)
    : AWSCredentials,
        IStoreCredentials
{
    private readonly Func<Task<AWSCredentials>> _find =
        find ?? (() => DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync());

    /// <inheritdoc/>
#pragma warning disable VSTHRD002 // The SDK's base class wants it; asynchronous calls, which are all of ours, do not.
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var source = await FindAsync();
        try
        {
            return await source.GetCredentialsAsync();
        }
        catch (Exception fault) when (IdentityFault.IsFault(fault))
        {
            throw IdentityFault.IsRefusal(fault)
                ? new StoreAccessDeniedException(location, "", IdentityFault.Describe(source, fault), fault)
                : new IOException($"credentials cannot be had ({IdentityFault.Summary(fault)})", fault);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryReplaceAsync(ImmutableCredentials refused)
    {
        // A session that was revoked or whose role has got other rights: a new one may do.
        if (await FindAsync() is RefreshingAWSCredentials source && refused.Equals(await GetCredentialsAsync()))
            source.ClearCredentials();
        return !refused.Equals(await GetCredentialsAsync());
    }

    private async Task<AWSCredentials> FindAsync()
    {
        try
        {
            return await _find();
        }
        catch (AmazonClientException fault)
        {
            throw new StoreAccessDeniedException(
                location,
                "",
                "there are no credentials: name a secret with them (store.credentialsSecret), give the pods' service "
                    + "account a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the SDK says: "
                    + fault.Message.ReplaceLineEndings(" ").Trim(),
                fault
            );
        }
    }
}
