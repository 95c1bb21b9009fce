namespace CodeParrot.Storage.S3;

/// <summary>
/// Sends small bodies without asking for leave (<c>Expect: 100-continue</c>). .NET sends a body of up to 1,024 bytes
/// even after an early refusal; a Ceph gateway of version 16 takes those bytes for the next request on the
/// connection, and answers that one by a 405.
/// </summary>
internal sealed class SmallBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const long MaxUnaskedBytes = 1024;

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.Content?.Headers.ContentLength is null or <= MaxUnaskedBytes)
            request.Headers.ExpectContinue = false;
        return base.SendAsync(request, cancellationToken);
    }
}
