using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Waiting;

/// <summary>Looks at a run until it has ended, and says what changed.</summary>
/// <param name="server">The API server; nothing but the run is read there.</param>
/// <param name="time">Clock.</param>
/// <param name="output">What changed, a line each.</param>
internal sealed class RunWait(IApiServer server, TimeProvider time, TextWriter output)
{
    private const int Succeeded = 0;
    private const int DidNotSucceed = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private string _said = "";

    /// <summary>Waits; 0 where the run succeeded, 1 where it failed, was refused or took too long.</summary>
    public async Task<int> UntilEndAsync(WaitOptions options, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var run = await LookAsync(options, cancellationToken);
            if (run is not null && EndOf(run) is { } end)
            {
                return end;
            }

            if (time.GetElapsedTime(began) >= options.Timeout)
            {
                Say($"{options.Namespace}/{options.Run} did not end within {options.Timeout}; at last: {_said}");
                return DidNotSucceed;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // A server that does not answer, or a right that is not there yet, is waited for like the run itself.
    private async Task<TrainingRun?> LookAsync(WaitOptions options, CancellationToken cancellationToken)
    {
        JsonObject? found;
        try
        {
            found = await server.GetAsync(ResourceType.TrainingRuns, options.Namespace, options.Run, cancellationToken);
        }
        catch (Exception e) when (e is ApiServerException or HttpRequestException or IOException)
        {
            Say($"the server said: {e.Message}");
            return null;
        }

        if (found is null)
        {
            Say("there is no such run yet");
        }

        return found.Deserialize<TrainingRun>(ApiJson.Compact);
    }

    private int? EndOf(TrainingRun run)
    {
        var status = run.Status;
        var condition = status.Conditions.FirstOrDefault(c =>
            c
                is { Type: ConditionTypes.Failed, Status: RunCondition.True }
                    or { Type: ConditionTypes.Accepted, Status: RunCondition.False }
        );
        if (condition is not null)
        {
            Say($"{condition.Type} is {condition.Status}, {condition.Reason}: {condition.Message}");
            return DidNotSucceed;
        }

        var progress = status.Progress is { MaxSteps: > 0 } p ? $", {p.Stage} step {p.Step} of {p.MaxSteps}" : "";
        Say($"{status.Phase}{progress}");
        return status.Phase == RunPhase.Succeeded ? Succeeded : null;
    }

    private void Say(string text)
    {
        if (text != _said)
        {
            output.WriteLine(text);
        }

        _said = text;
    }
}
