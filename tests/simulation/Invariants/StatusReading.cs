using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>Reads runs as the operator's types.</summary>
internal static class StatusReading
{
    // Several invariants look at one version, and at the one before it.
    private static readonly ConditionalWeakTable<JsonObject, RunStatus> Statuses = [];

    public static RunStatus Of(JsonObject run) =>
        Statuses.GetValue(run, r => r["status"].Deserialize<RunStatus>(ApiJson.Compact) ?? new RunStatus());

    public static RunSpec SpecOf(JsonObject run) => run["spec"].Deserialize<RunSpec>(ApiJson.Compact) ?? new RunSpec();
}
