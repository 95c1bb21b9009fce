using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// Answers <c>/progress</c> for the first pod of every run: each run has a loopback address of its own, and all pods
/// are at their first step, so that a run is in its steady state as soon as that was seen.
/// </summary>
internal sealed class ProgressPods : IDisposable
{
    // The port that the operator asks pods on.
    private const int Port = 9400;

    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _numbers = [];
    private readonly ConcurrentDictionary<string, byte[]> _answers = new();

    /// <summary>Begins to answer.</summary>
    public ProgressPods()
    {
        _listener.Prefixes.Add($"http://*:{Port}/");
        _listener.Start();
        _ = AnswerAllAsync();
    }

    /// <summary>The address of a pod, which from now on answers for this attempt of its run.</summary>
    public string AddressOf(PodEvent pod)
    {
        var number = NumberOf(pod.RunUid);
        var address = $"127.16.{number / 250}.{(number % 250) + 1}";
        if (pod.PodIndex == 0)
        {
            var now = TimeProvider.System.GetUtcNow();
            var answer = new RunProgress
            {
                RunUid = pod.RunUid,
                Attempt = pod.Attempt,
                Stage = pod.Stage,
                Step = 1,
                MaxSteps = 1000,
                Loss = 10,
                Ranks = [new RankProgress(0, "Training", 1, 1, now)],
                UpdatedAt = now,
            };
            _answers[address] = JsonSerializer.SerializeToUtf8Bytes(answer, ContractJson.Compact);
        }

        return address;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private int NumberOf(string runUid)
    {
        lock (_lock)
        {
            return _numbers.TryGetValue(runUid, out var known) ? known : _numbers[runUid] = _numbers.Count;
        }
    }

    private async Task AnswerAllAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Answer(context);
        }
    }

    private void Answer(HttpListenerContext context)
    {
        using var response = context.Response;
        try
        {
            if (_answers.TryGetValue(context.Request.LocalEndPoint.Address.ToString(), out var answer))
            {
                response.ContentType = "application/json";
                response.ContentLength64 = answer.Length;
                response.OutputStream.Write(answer);
            }
            else
            {
                response.StatusCode = (int)HttpStatusCode.NotFound;
            }
        }
        catch (HttpListenerException)
        {
            // The operator has given up; it asks again.
        }
    }
}
