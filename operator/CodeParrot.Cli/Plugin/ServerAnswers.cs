using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Runtime;
using k8s.Autorest;

namespace CodeParrot.Cli.Plugin;

/// <summary>What an API server's refusals mean to whoever typed the command.</summary>
internal static class ServerAnswers
{
    /// <summary>Message and exit code; null for an exception that tells of no server.</summary>
    public static (string Message, ExitCode Code)? Told(Exception e) =>
        e switch
        {
            HttpOperationException refused => (Refusal(refused), ExitCode.UserMistake),
            HttpRequestException { InnerException: { } cause } => (
                $"the API server cannot be reached: {cause.Message}; check --context and the kubeconfig",
                ExitCode.Unexpected
            ),
            HttpRequestException unreached => (
                $"the API server cannot be reached: {unreached.Message}",
                ExitCode.Unexpected
            ),
            TaskCanceledException { InnerException: TimeoutException } => (
                "the API server did not answer in time",
                ExitCode.Unexpected
            ),
            _ => null,
        };

    /// <summary>True where there is no such object.</summary>
    public static bool IsMissing(HttpOperationException e) => e.Response.StatusCode == HttpStatusCode.NotFound;

    /// <summary>What the server said.</summary>
    public static string MessageOf(HttpOperationException e)
    {
        try
        {
            return (string?)JsonNode.Parse(e.Response.Content ?? "")?["message"] ?? Plain(e);
        }
        catch (Exception parsing) when (parsing is JsonException or InvalidOperationException)
        {
            return Plain(e);
        }
    }

    private static string Refusal(HttpOperationException e)
    {
        var said = MessageOf(e);
        return e.Response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $"the API server does not know you: {said}; log in to the cluster again",
            HttpStatusCode.Forbidden => $"you may not do this: {said}; the chart's roles are viewer and editor",
            // A path that the server does not know at all has no Status for an answer.
            HttpStatusCode.NotFound when !said.Contains('"', StringComparison.Ordinal) =>
                "the cluster does not know TrainingRun: install the chart (docs/operating.md)",
            _ => said,
        };
    }

    private static string Plain(HttpOperationException e) =>
        e.Response.Content is { Length: > 0 } content ? content.Trim() : $"HTTP {(int)e.Response.StatusCode}";
}
