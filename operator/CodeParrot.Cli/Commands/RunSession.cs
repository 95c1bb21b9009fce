using System.Runtime.InteropServices;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.Pods;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary>Drives one run on this machine until it is over or stopped.</summary>
internal sealed class RunSession(StateFolder state, RunKey run, PodHost host, IRunReporter reporter, TimeProvider time)
    : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private int _stops;

    /// <summary>Drives a run that is there, from this console.</summary>
    /// <returns>The exit code of <c>codeparrot run</c>.</returns>
    public static async Task<int> DriveAsync(StateFolder state, TrainingRun run, string trainer)
    {
        var key = RunKey.Of(run);
        using var guard = RunLock.Take(state.RunFolder(key));
        var host = PodHost.Of(state, run, trainer);
        using var session = new RunSession(state, key, host, Reporters.ForConsole(), TimeProvider.System);
        return await session.RunAsync();
    }

    /// <summary>Drives the run.</summary>
    /// <returns>The exit code of <c>codeparrot run</c>.</returns>
    public async Task<int> RunAsync()
    {
        using var cluster = new EmbeddedCluster(state, run, host, time);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, cluster));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, cluster));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => Stop(c, cluster));
        var controller = new RunController(cluster, cluster, new Planner(new PlannerOptions { HasApiServer = false }));
        try
        {
            var last = await reporter.WhileShownAsync(() => controller.RunAsync(run, KeepGoing, _abort.Token));
            return End(last?.Run ?? throw new UserMistakeException($"run {run} was removed while it ran"));
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            reporter.Say("stopped at once; the same command goes on from the newest checkpoint");
            return (int)ExitCode.Stopped;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _abort.Dispose();

    private bool KeepGoing(Observed observed, Plan plan)
    {
        reporter.Show(observed);
        var idle = !observed.All().Any(p => p.IsLiving) && plan.Actions.Count == 0;
        var stopped = observed.Status.Phase == RunPhase.Suspended && observed.Run.Spec.Suspend;
        return !(idle && (stopped || Refused(observed.Run) is not null));
    }

    private void Stop(PosixSignalContext context, EmbeddedCluster cluster)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _stops) == 1)
        {
            reporter.Say("stopping after a checkpoint; once more stops at once");
            state.File(run).Update(r => r! with { Spec = r.Spec with { Suspend = true } });
            return;
        }

        cluster.KillAll();
        _abort.Cancel();
    }

    private int End(TrainingRun last)
    {
        var store = new RunStore(state, run, () => host.Trainer);
        if (last.Status.Phase == RunPhase.Succeeded)
        {
            var newest = CheckpointList.Newest(last.Status);
            var folder = newest is null ? null : store.FolderOf(CheckpointList.Key(newest));
            RunSummary.Of(last, folder).ToList().ForEach(reporter.Say);
            return (int)ExitCode.Done;
        }

        if (Refused(last) is { } mistakes)
        {
            throw new UserMistakeException(mistakes);
        }

        return last.Status.Phase == RunPhase.Failed ? Fail(last) : Suspended(last);
    }

    private int Suspended(TrainingRun last)
    {
        var newest = CheckpointList.Newest(last.Status);
        reporter.Say(
            $"run {run.Name} is stopped"
                + (newest is null ? "" : $" with checkpoint {CheckpointList.Key(newest)}")
                + "; the same command goes on, and so does codeparrot resume"
        );
        return (int)ExitCode.Stopped;
    }

    private int Fail(TrainingRun last)
    {
        var code = RunEnd.TellFailure(last);
        if (last.Status.LastFailure is { Pod.Length: > 0 } failure)
        {
            var folder = Path.Combine(state.PodsFolder(run), failure.Pod);
            Console.Error.WriteLine($"its log is {new PodFolder(folder).StdoutFile}");
        }

        return code;
    }

    private static string? Refused(TrainingRun run) =>
        run.Status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.False } c ? c.Message : null;
}
