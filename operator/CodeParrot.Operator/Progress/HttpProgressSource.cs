using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Progress;

/// <summary>
/// Asks by HTTP at the pod's own address. What a pod answers is a stranger's word: it may take neither more time nor
/// more memory than an honest answer does.
/// </summary>
/// <param name="port">Port that pods answer on.</param>
/// <param name="time">Clock.</param>
internal sealed class HttpProgressSource(int port, TimeProvider time) : IProgressSource
{
    private const int MaxBytes = 128 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<RunProgress?> ReadAsync(
        PodObservation pod,
        CheckpointRequest? request,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var address = new UriBuilder("http", pod.Address, port, ProgressQuery.Path)
            {
                Query = ProgressQuery.Of(pod.RunUid, request),
            }.Uri;
            // A client of its own for each reading: one that is kept holds ten kilobytes for every pod that it has ever
            // asked, open connection or not, and a connection every few seconds costs little.
            using var client = new HttpClient(CreateHandler());
            client.DefaultRequestHeaders.ConnectionClose = true;
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            return JsonSerializer.Deserialize<RunProgress>(answer, ContractJson.Compact) is { } said
                ? Hearsay.Of(said)
                : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: what one pod answers must not end the reading of all others.
            // Progress is news, not state: a pod that starts, ends or is busy has none, and the next reading will tell.
            return null;
        }
    }

    // Pods are near: nothing between them and the operator is asked, and nobody sends it elsewhere.
    private static SocketsHttpHandler CreateHandler() =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
}
