using System.CommandLine;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Operator.Waiting;

/// <summary>
/// <c>codeparrot-operator wait RUN</c>: ends when a run has. The chart's test needs it, as the image has no shell.
/// </summary>
internal static class WaitCommand
{
    /// <summary>The command.</summary>
    /// <param name="wait">What it does; the exit code.</param>
    public static Command Create(Func<WaitOptions, Task<int>> wait)
    {
        var run = new Argument<string>("run") { Description = "Name of the TrainingRun" };
        var ns = new Option<string>("--namespace") { Description = "Its namespace", Required = true };
        var kubeconfig = new Option<string>("--kubeconfig")
        {
            Description = "Kubeconfig; empty for the pod's own account, or ~/.kube/config",
            DefaultValueFactory = _ => "",
        };
        var timeout = new Option<TimeSpan>("--timeout")
        {
            Description = "Longest wait",
            DefaultValueFactory = _ => TimeSpan.FromMinutes(20),
            CustomParser = result =>
            {
                if (Durations.TryParse(result.Tokens[^1].Value, out var duration))
                {
                    return duration;
                }

                result.AddError($"--timeout: '{result.Tokens[^1].Value}' is no duration, as 20m is one");
                return TimeSpan.Zero;
            },
        };
        var command = new Command("wait", "Wait until a TrainingRun has succeeded; fail where it does not")
        {
            run,
            ns,
            kubeconfig,
            timeout,
        };
        command.SetAction(
            (parsed, _) =>
                wait(
                    new WaitOptions
                    {
                        Run = parsed.GetRequiredValue(run),
                        Namespace = parsed.GetRequiredValue(ns),
                        Timeout = parsed.GetRequiredValue(timeout),
                        Kubeconfig = parsed.GetRequiredValue(kubeconfig),
                    }
                )
        );
        return command;
    }
}
