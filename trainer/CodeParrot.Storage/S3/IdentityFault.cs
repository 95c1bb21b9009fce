using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>Reads why a pod's identity got no credentials.</summary>
internal static partial class IdentityFault
{
    private static readonly HashSet<string> TransientCodes =
    [
        "IDPCommunicationError",
        "RequestTimeout",
        "Throttling",
        "ThrottlingException",
    ];

    /// <summary>Returns whether the SDK could not get credentials; what else it throws is a bug.</summary>
    // A token's file that cannot be read is an InvalidOperationException.
    public static bool IsFault(Exception fault) =>
        fault is InvalidOperationException or ArgumentException || S3Fault.IsFault(fault, CancellationToken.None);

    /// <summary>Returns whether no other try helps.</summary>
    public static bool IsRefusal(Exception fault) =>
        fault is InvalidOperationException or ArgumentException
        || Root(fault) switch
        {
            AmazonServiceException e when (int)e.StatusCode is >= 400 and < 500 and not (408 or 429) =>
                !TransientCodes.Contains(e.ErrorCode ?? ""),
            // The SDK keeps nothing but the text of a container agent's answer.
            AmazonServiceException e when e.StatusCode == default => RefusedByAgent().IsMatch(e.Message),
            _ => false,
        };

    /// <summary>Returns what a person has to do.</summary>
    public static string Describe(AWSCredentials source, Exception fault) =>
        source switch
        {
            AssumeRoleWithWebIdentityCredentials role when fault is InvalidOperationException =>
                $"the token '{role.WebIdentityTokenFile}' of the pod's service account cannot be read "
                    + $"({Summary(fault)}); check AWS_WEB_IDENTITY_TOKEN_FILE, and that this user may read the file",
            AssumeRoleWithWebIdentityCredentials role =>
                $"the role {role.RoleArn} is refused ({Summary(fault)}); check that its trust policy names the "
                    + "cluster's issuer, this service account and the token's audience, and that AWS_ROLE_ARN is "
                    + "the role meant",
            GenericContainerCredentials =>
                $"the container's agent refuses credentials ({Summary(fault)}); check that the pod's service account "
                    + "has a Pod Identity association, and that the association's role trusts pods.eks.amazonaws.com",
            _ => $"credentials are refused ({Summary(fault)}); check what the SDK finds on this machine",
        };

    /// <summary>Returns the innermost cause in one line.</summary>
    public static string Summary(Exception fault) => S3Fault.Summary(Root(fault)).ReplaceLineEndings(" ");

    // What the service answered, else the first cause: the SDK wraps both several times.
    private static Exception Root(Exception fault)
    {
        var cause = fault;
        while (
            cause is not AmazonServiceException { StatusCode: not default(HttpStatusCode) }
            && cause.InnerException is { } inner
        )
            cause = inner;
        return cause;
    }

    [GeneratedRegex(@"\b4(?!08|29)\d\d \(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RefusedByAgent();
}
