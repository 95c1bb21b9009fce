using System.Net;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>What the server says when it refuses.</summary>
internal static class Refusals
{
    public static ApiServerException NotFound(ObjectKey key) =>
        new(HttpStatusCode.NotFound, "NotFound", $"{key.Type.Plural} \"{key.Name}\" not found");

    public static ApiServerException AlreadyExists(ObjectKey key) =>
        new(HttpStatusCode.Conflict, "AlreadyExists", $"{key.Type.Plural} \"{key.Name}\" already exists");

    public static ApiServerException Conflict(ObjectKey key, string why) =>
        new(HttpStatusCode.Conflict, "Conflict", $"operation on {key.Type.Plural} \"{key.Name}\": {why}");

    public static ApiServerException Invalid(ObjectKey key, string why) =>
        new(HttpStatusCode.UnprocessableEntity, "Invalid", $"{key.Type.Kind} \"{key.Name}\" is invalid: {why}");

    public static ApiServerException Forbidden(ResourceType type, string verb) =>
        new(HttpStatusCode.Forbidden, "Forbidden", $"cannot {verb} resource \"{type.Plural}\"");

    public static ApiServerException Expired(long version) =>
        new(HttpStatusCode.Gone, "Expired", $"too old resource version: {version}");

    public static ApiServerException TooManyRequests() =>
        new(
            HttpStatusCode.TooManyRequests,
            "TooManyRequests",
            "the server has received too many requests, try again",
            TimeSpan.FromSeconds(1)
        );

    public static ApiServerException Unavailable() =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "the server is currently unable to handle it");

    public static ApiServerException Timeout() =>
        new(HttpStatusCode.GatewayTimeout, "Timeout", "the server did not finish it in time");
}
