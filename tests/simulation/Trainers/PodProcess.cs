using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>The process of one pod.</summary>
/// <param name="world">What all processes share.</param>
/// <param name="identity">What it was started with.</param>
internal abstract class PodProcess(TrainerWorld world, PodIdentity identity)
{
    private const int Killed = 137;

    private Action _ended = () => { };

    public PodIdentity Identity { get; } = identity;

    /// <summary>Gets the pod that it runs in.</summary>
    public PodLife Pod { get; private set; } = null!;

    /// <summary>Gets how it ended; null while it runs.</summary>
    public ProcessEnd? End { get; private set; }

    public bool HasEnded => End is not null;

    protected TrainerWorld World { get; } = world;

    protected Scheduler Scheduler => World.Scheduler;

    /// <summary>Starts it.</summary>
    /// <param name="pod">Where it runs.</param>
    /// <param name="ended">Called once when it has ended.</param>
    public void Run(PodLife pod, Action ended)
    {
        (Pod, _ended) = (pod, ended);
        Begin();
    }

    /// <summary>SIGTERM.</summary>
    public abstract void Terminate();

    /// <summary>What <c>GET /progress</c> answers; null for a process that does not answer.</summary>
    public abstract RunProgress? Progress();

    /// <summary>Takes a request for a checkpoint that comes with a question.</summary>
    public virtual void Ask(string runUid, CheckpointRequest request) { }

    /// <summary>SIGKILL: no message is written.</summary>
    public void Kill(string reason) => Finish(new ProcessEnd(Killed, reason, ""));

    /// <summary>Ends by itself, with a message.</summary>
    public void Exit(ExitCode code, long step = 0, params IEnumerable<KeyValuePair<string, string>> outputs) =>
        Exit(code, step, message => message with { Outputs = new Dictionary<string, string>(outputs) });

    /// <summary>Ends because a checkpoint that it is to work with is not there.</summary>
    public void Miss(string checkpoint) =>
        Exit(
            ExitCode.UserMistake,
            step: 0,
            message => message with { Class = TerminationMessage.CheckpointMissing, Checkpoint = checkpoint }
        );

    protected abstract void Begin();

    /// <summary>Called when it has ended, before anyone else is told.</summary>
    protected virtual void OnEnd() { }

    /// <summary>Ends by itself, with a message of its own.</summary>
    protected void Exit(ExitCode code, long step, Func<TerminationMessage, TerminationMessage> edit)
    {
        if (HasEnded)
        {
            return;
        }

        var checkpoints = World.Store.List(Identity.RunPath, 5);
        var progress = Progress();
        var message = new TerminationMessage
        {
            Rank = Identity.PodIndex * Identity.LocalWorldSize,
            Attempt = Identity.Attempt,
            Step = step,
            ExitCode = (int)code,
            Class = code == ExitCode.Done ? "" : $"{code}",
            Message = code == ExitCode.Done ? "" : $"simulated: {code}",
            Checkpoint = checkpoints.Count > 0 ? $"{checkpoints[0].Branch}/{checkpoints[0].Name}" : "",
            Checkpoints = checkpoints,
            Stored = progress?.Stored,
            ServedRequest = progress?.ServedRequest,
        };
        Finish(new ProcessEnd((int)code, "", JsonSerializer.Serialize(edit(message), ContractJson.Compact)));
    }

    /// <summary>Does something after a time, if it still runs then.</summary>
    protected void After(TimeSpan delay, Action action) =>
        Scheduler.After(
            delay,
            () =>
            {
                if (!HasEnded)
                {
                    action();
                }
            }
        );

    private void Finish(ProcessEnd end)
    {
        if (HasEnded)
        {
            return;
        }

        End = end;
        Scheduler.Tell("process", $"{Identity.Name} ends with {end.ExitCode} {end.Reason}");
        World.Ended(this);
        OnEnd();
        _ended();
    }
}
