using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>Credentials that can be asked for anew when the server refuses them.</summary>
internal interface IStoreCredentials
{
    /// <summary>Returns those that requests are signed with now.</summary>
    /// <exception cref="StoreAccessDeniedException">There are none, or their source refuses to give any.</exception>
    Task<ImmutableCredentials> GetCredentialsAsync();

    /// <summary>Asks for others where no other request did since <paramref name="refused"/> was in use.</summary>
    /// <returns>Whether there are other credentials now than those that were refused.</returns>
    Task<bool> TryReplaceAsync(ImmutableCredentials refused);
}
