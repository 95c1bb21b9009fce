using System.Net;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>What the API server answered.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Body">An object, or a <c>Status</c> that says what was wrong.</param>
public sealed record ApiAnswer(HttpStatusCode Code, JsonObject Body)
{
    /// <summary>The object's UID.</summary>
    public string Uid => (string)Body["metadata"]!["uid"]!;

    /// <summary>The object's version, which every write changes.</summary>
    public string ResourceVersion => (string)Body["metadata"]!["resourceVersion"]!;

    /// <summary>How often what the user wants was changed.</summary>
    public long Generation => (long)Body["metadata"]!["generation"]!;

    /// <summary>The answer itself, where it has one of these statuses.</summary>
    public ApiAnswer Expect(params HttpStatusCode[] codes)
    {
        Assert.True(codes.Contains(Code), $"expected {string.Join(" or ", codes)}, was {Code}: {Body.ToJsonString()}");
        return this;
    }
}
