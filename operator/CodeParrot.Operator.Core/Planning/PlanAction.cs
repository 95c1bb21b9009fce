using System.Text.Json.Serialization;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>One effect of a plan; effects are carried out in order, and the first that fails ends the pass.</summary>
[JsonDerivedType(typeof(SetStatus), nameof(SetStatus))]
[JsonDerivedType(typeof(EnsureNetwork), nameof(EnsureNetwork))]
[JsonDerivedType(typeof(EnsureRendezvousKey), nameof(EnsureRendezvousKey))]
[JsonDerivedType(typeof(EnsureGang), nameof(EnsureGang))]
[JsonDerivedType(typeof(ReleaseGang), nameof(ReleaseGang))]
[JsonDerivedType(typeof(SetDisruptionBudget), nameof(SetDisruptionBudget))]
[JsonDerivedType(typeof(SetFinalizer), nameof(SetFinalizer))]
[JsonDerivedType(typeof(DeleteRun), nameof(DeleteRun))]
[JsonDerivedType(typeof(RecordEvent), nameof(RecordEvent))]
[JsonDerivedType(typeof(EnsureSnapshot), nameof(EnsureSnapshot))]
[JsonDerivedType(typeof(CreatePod), nameof(CreatePod))]
[JsonDerivedType(typeof(DeletePod), nameof(DeletePod))]
public abstract record PlanAction;
