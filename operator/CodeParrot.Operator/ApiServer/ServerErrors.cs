using System.Text.Json;

namespace CodeParrot.Operator.ApiServer;

/// <summary>Reads what the API server says when it refuses: a Status object, and the header Retry-After.</summary>
internal static class ServerErrors
{
    private const int MaxMessage = 2048;

    // A server's wish is followed, but a wrong one (an hour, a year) must not stop the operator.
    private static readonly TimeSpan LongestWish = TimeSpan.FromMinutes(1);

    /// <summary>The exception for an answer that is no success.</summary>
    public static async Task<ApiServerException> ReadAsync(
        HttpResponseMessage response,
        string request,
        CancellationToken cancellationToken
    )
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var delay = response.Headers.RetryAfter?.Delta;
        delay = delay > LongestWish ? LongestWish : delay;
        try
        {
            using var document = JsonDocument.Parse(body);
            return FromStatus(document.RootElement, request, response.StatusCode, delay);
        }
        catch (JsonException)
        {
            // A proxy on the way answers in its own words.
            var text = body.Length > MaxMessage ? body[..MaxMessage] : body;
            return new ApiServerException(response.StatusCode, "", $"{request}: {text}", delay);
        }
    }

    /// <summary>The exception for a Status object.</summary>
    public static ApiServerException FromStatus(
        JsonElement status,
        string request,
        System.Net.HttpStatusCode code,
        TimeSpan? delay = null
    )
    {
        if (status.ValueKind != JsonValueKind.Object)
        {
            return new ApiServerException(code, "", $"{request}: {status}", delay);
        }

        if (Number(status, "code") is { } given)
        {
            code = (System.Net.HttpStatusCode)given;
        }

        var reason = Text(status, "reason");
        if (status.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object)
        {
            if (delay is null && Number(details, "retryAfterSeconds") is { } seconds)
            {
                delay = TimeSpan.FromSeconds(Math.Min(seconds, LongestWish.TotalSeconds));
            }

            // Forbidden is said of many things; what is forbidden in a namespace that goes is no matter of rights.
            if (
                details.TryGetProperty("causes", out var causes)
                && causes.ValueKind == JsonValueKind.Array
                && causes.EnumerateArray().Any(c => Text(c, "reason") == ApiServerException.NamespaceTerminating)
            )
            {
                reason = ApiServerException.NamespaceTerminating;
            }
        }

        return new ApiServerException(code, reason, $"{request}: {Text(status, "message")}", delay);
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : null;

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : "";
}
