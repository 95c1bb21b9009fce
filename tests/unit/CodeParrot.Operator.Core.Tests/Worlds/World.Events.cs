using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <content>What happens to pods, to the run, and by its users.</content>
internal sealed partial class World
{
    /// <summary>Ends pods by a part of their name, unless they hang or their node is lost.</summary>
    public World End(
        string name,
        int exitCode,
        TerminationMessage? message = null,
        string reason = "",
        string disruption = ""
    )
    {
        foreach (var pod in Find(name).Where(p => p.IsLiving && !IsStuck(p)))
        {
            _invariants.PodEnded(
                exitCode,
                isFree: (disruption.Length > 0 && reason != "Evicted") || (pod.Deleting && exitCode != 44)
            );
            Around.PodEnded(pod, exitCode);
            Replace(
                pod,
                pod with
                {
                    Phase = exitCode == 0 ? PodPhase.Succeeded : PodPhase.Failed,
                    ExitCode = exitCode,
                    Message = message,
                    Reason = reason,
                    Disruption = disruption,
                    FinishedAt = Now,
                }
            );
        }

        return this;
    }

    /// <summary>Ends the current stage's pods well, and lets the planner go on.</summary>
    public World Succeed(string stage, TerminationMessage? message = null) => End($"-{stage}-", 0, message).Settle();

    /// <summary>Takes a run to its train stage with living ranks.</summary>
    public World ToTraining() => Settle().Succeed("corpus").Succeed("tokenizer");

    public World Vanish(string name)
    {
        foreach (var pod in Find(name))
        {
            _invariants.PodVanished(pod);
            Pods.Remove(pod);
        }

        return this;
    }

    /// <summary>Lets pods run and do nothing, until they are deleted.</summary>
    public World Hang(string name)
    {
        _hung.UnionWith(Find(name).Select(p => p.Uid));
        return this;
    }

    /// <summary>Changes pods by a part of their name.</summary>
    public World Change(string name, Func<PodObservation, PodObservation> change)
    {
        Find(name).ForEach(p => Replace(p, change(p)));
        return this;
    }

    /// <summary>Gives pods without a node one, and starts them.</summary>
    public World MakeRoom()
    {
        HasRoom = true;
        NoRoomFor.Clear();
        return Change("", p => p.Phase == PodPhase.Pending ? Placed(p) : p);
    }

    public World Edit(Func<RunSpec, RunSpec> edit) =>
        Touch(r =>
            r with
            {
                Spec = edit(r.Spec),
                Metadata = r.Metadata with { Generation = r.Metadata.Generation + 1 },
            }
        );

    public World Annotate(string name, string value) =>
        Touch(r =>
            r with
            {
                Metadata = r.Metadata with { Annotations = new Dictionary<string, string> { [name] = value } },
            }
        );

    /// <summary>Asks for the run's deletion, in the background.</summary>
    public World Delete()
    {
        Gone = Run.Metadata.Finalizers.Count == 0;
        return Touch(r =>
            r with
            {
                Metadata = r.Metadata with { DeletionTimestamp = r.Metadata.DeletionTimestamp ?? Now },
            }
        );
    }

    public World Report(long step, CheckpointSummary? checkpoint = null, params RankProgress[] ranks)
    {
        Progress = new RunProgress
        {
            RunUid = Runs.Uid,
            Attempt = Status.Attempt,
            Stage = Status.Stage,
            Step = step,
            MaxSteps = 100,
            Checkpoint = checkpoint,
            Ranks = ranks,
        };
        return this;
    }

    /// <summary>Asks for a checkpoint.</summary>
    public World Ask(string nonce) => Edit(s => s with { Checkpoints = s.Checkpoints with { RequestNonce = nonce } });

    /// <summary>Lets the newest progress tell of a checkpoint that was asked for.</summary>
    public World Serve(string nonce, string checkpoint)
    {
        Progress = Progress! with { ServedRequest = new ServedRequest(nonce, checkpoint) };
        return this;
    }
}
