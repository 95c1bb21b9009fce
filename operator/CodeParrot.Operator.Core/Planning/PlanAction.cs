using System.Text.Json.Serialization;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>One effect of a plan; effects are carried out in order, and the first that fails ends the pass.</summary>
[JsonDerivedType(typeof(SetStatus), nameof(SetStatus))]
[JsonDerivedType(typeof(EnsureSnapshot), nameof(EnsureSnapshot))]
[JsonDerivedType(typeof(CreatePod), nameof(CreatePod))]
[JsonDerivedType(typeof(DeletePod), nameof(DeletePod))]
public abstract record PlanAction;
