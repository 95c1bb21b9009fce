using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Pods;

/// <summary>Asks living pods for their progress.</summary>
internal sealed class ProgressReader : IDisposable
{
    // Pods listen on the loopback, where the environment's proxies do not reach.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>Progress of the gang: figures of its first pod, rank states of all; null while none answers.</summary>
    /// <param name="pods">The living pods.</param>
    /// <param name="query">What goes with the question, as <see cref="ProgressQuery"/> writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RunProgress?> ReadAsync(
        IEnumerable<PodFolder> pods,
        string query,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(pods.Select(p => AskAsync(p, query, cancellationToken)));
        var first = Array.Find(answers, a => a is not null);
        return first is null
            ? null
            : first with
            {
                Ranks = [.. answers.SelectMany(a => a is null ? [] : a.Ranks).OrderBy(r => r.Rank)],
            };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<RunProgress?> AskAsync(PodFolder pod, string query, CancellationToken cancellationToken)
    {
        if (pod.HttpPort() is not { } port)
        {
            return null;
        }

        try
        {
            return await _client.GetFromJsonAsync<RunProgress>(
                $"http://127.0.0.1:{port}{ProgressQuery.Path}{query}",
                ContractJson.Compact,
                cancellationToken
            );
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or OperationCanceledException
                        or SocketException
            )
        {
            // Progress is news, not state: a pod that starts, ends or is busy has none, and the next reading will tell.
            return null;
        }
    }
}
