using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <content>What a server makes of a plan's actions.</content>
internal sealed partial class World
{
    public bool Carry(PlanAction action, Observed observed) =>
        action switch
        {
            SetStatus a => IsCurrent(observed) && Write(a.Status),
            SetFinalizer a => IsCurrent(observed) && Finalize(a.Present, observed),
            CreatePod a => Create(a.Pod),
            DeletePod a => Delete(a),
            DeleteRun => Delete() is not null,
            _ => Around.Carry(action, this),
        };

    private bool IsCurrent(Observed observed) => observed.Run.Metadata.ResourceVersion == Run.Metadata.ResourceVersion;

    private World Touch(Func<TrainingRun, TrainingRun> change)
    {
        var next = change(Run);
        Run = next with { Metadata = next.Metadata with { ResourceVersion = $"{++_version}" } };
        return this;
    }

    private bool Write(RunStatus status)
    {
        _invariants.CheckWrite(this, status);
        if (status.Phase != Status.Phase)
        {
            Transitions.Add((Status.Phase, status.Phase));
        }

        Touch(r => r with { Status = status });
        return true;
    }

    private bool Finalize(bool present, Observed observed)
    {
        Invariants.CheckFinalizer(this, present, observed);
        IReadOnlyList<string> finalizers = present ? [FinalizerNames.Artifacts] : [];
        Touch(r => r with { Metadata = r.Metadata with { Finalizers = finalizers } });
        Gone = Run.Metadata.DeletionTimestamp is not null && !present;
        return true;
    }

    private bool Create(PodSpec pod)
    {
        if (Pods.Exists(p => p.Name == pod.Name))
        {
            return false;
        }

        _invariants.CheckCreate(this, pod);
        Around.PodMade(pod);
        var made = new PodObservation
        {
            Name = pod.Name,
            Uid = $"pod-{++_pods}",
            RunUid = pod.RunUid,
            Stage = pod.Stage,
            Attempt = pod.Attempt,
            PodIndex = pod.PodIndex,
            Generation = pod.Generation,
            CreatedAt = Now,
        };
        var hasRoom = HasRoom && !(pod.Stage == StageNames.Train && NoRoomFor.Contains(pod.PodIndex));
        Pods.Add(hasRoom ? Placed(made) : made);
        return true;
    }

    private bool Delete(DeletePod deletion)
    {
        var pod = Pods.Find(p => p.Name == deletion.Name && p.Uid == deletion.Uid);
        if (pod is null)
        {
            return false;
        }

        if (deletion.Force)
        {
            _invariants.CheckForce(this, pod);
        }

        if (deletion.Force || !pod.IsLiving)
        {
            Pods.Remove(pod);
            return true;
        }

        Invariants.CheckStop(this, pod);
        if (!pod.Scheduled)
        {
            // No kubelet has it: it is gone at once.
            return Pods.Remove(pod);
        }

        Replace(pod, pod with { Deleting = true, DeletionDueAt = Now + deletion.Grace });
        return true;
    }
}
