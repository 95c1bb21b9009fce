using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Progress;

/// <summary>
/// Asks by HTTP at the pod's own address. What a pod answers is a stranger's word: it may take neither more time nor
/// more memory than an honest answer does.
/// </summary>
/// <param name="client">Connections; without a proxy, for pods are near.</param>
/// <param name="port">Port that pods answer on.</param>
/// <param name="time">Clock.</param>
internal sealed class HttpProgressSource(HttpClient client, int port, TimeProvider time) : IProgressSource
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
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            // An open connection to each run's pod takes twelve kilobytes, and one in five seconds costs little.
            message.Headers.ConnectionClose = true;
            using var response = await client.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
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
}
