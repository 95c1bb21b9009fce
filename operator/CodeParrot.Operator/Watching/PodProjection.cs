using System.Globalization;
using System.Text.Json;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Operator.Watching;

/// <summary>Reads the few fields of a pod that the planner wants.</summary>
/// <param name="texts">Where equal texts are one.</param>
internal sealed class PodProjection(TextPool texts)
{
    /// <summary>Selects our pods.</summary>
    public const string Selector = $"{LabelNames.ManagedBy}={LabelNames.ManagedByValue}";

    // What a runtime says of every container that ended: the exit code, and the trainer itself, say more.
    private static readonly string[] Plain = ["Completed", "Error"];

    // A container that waits for these is only on its way.
    private static readonly string[] Starting = ["ContainerCreating", "PodInitializing"];

    /// <summary>What is kept of a pod.</summary>
    public CachedObject<PodObservation> Of(JsonElement pod)
    {
        var metadata = pod.GetProperty("metadata");
        var ns = Text(metadata, "namespace");
        var name = Text(metadata, "name");
        var labels = Child(metadata, "labels");
        var run = Text(labels, LabelNames.Run);
        return new CachedObject<PodObservation>(
            new ObjectKey(ns, name),
            run.Length == 0 ? null : new RunKey(ns, run),
            Text(metadata, "resourceVersion"),
            Read(pod, metadata, labels)
        );
    }

    private PodObservation Read(JsonElement pod, JsonElement metadata, JsonElement labels)
    {
        var status = Child(pod, "status");
        var state = Child(Items(status, "containerStatuses").FirstOrDefault(), "state");
        var ended = Child(state, "terminated");
        var node = Text(Child(pod, "spec"), "nodeName");
        string[] conditions = [.. Items(status, "conditions").Where(IsTrue).Select(c => Text(c, "type"))];
        var due = Time(metadata, "deletionTimestamp");
        var reason = Text(status, "reason");
        return new PodObservation
        {
            Name = Text(metadata, "name"),
            Uid = Text(metadata, "uid"),
            RunUid = OwnerOf(metadata, labels),
            Stage = Text(labels, LabelNames.Stage),
            Attempt = Number(labels, LabelNames.Attempt),
            PodIndex = Number(labels, LabelNames.PodIndex),
            Generation = Math.Max(0, Number(labels, LabelNames.Generation)),
            Phase = PhaseOf(Text(status, "phase")),
            Deleting = due is not null,
            ExitCode = ended.ValueKind == JsonValueKind.Object ? ended.GetProperty("exitCode").GetInt32() : null,
            // The pod's own reason (Evicted, Shutdown) is the cause, the container's exit its effect.
            Reason = reason.Length > 0 ? reason : EndReasonOf(ended),
            Conditions = conditions,
            Disruption = Text(
                Items(status, "conditions").FirstOrDefault(c => IsTrue(c) && Text(c, "type") == "DisruptionTarget"),
                "reason"
            ),
            Node = node,
            Message = MessageOf(Text(ended, "message")),
            CreatedAt = Time(metadata, "creationTimestamp"),
            Scheduled = node.Length > 0 || conditions.Contains("PodScheduled"),
            WaitingReason = WaitingReasonOf(state),
            Address = Text(status, "podIP"),
            DeletionDueAt = due,
            Held =
                due is not null
                && Child(metadata, "deletionGracePeriodSeconds") is { ValueKind: JsonValueKind.Number } grace
                && grace.TryGetInt64(out var seconds)
                && seconds == 0,
            Group = Text(labels, KueueGang.GroupLabel),
            FinishedAt = Time(ended, "finishedAt"),
        };
    }

    private bool IsTrue(JsonElement condition) => Text(condition, "status") == "True";

    // A label says whose pod it wants to be, the owner reference whose it is: a copy that somebody made for debugging
    // has the labels alone, and must not end an attempt. Only the cleanup pod has no owner, because it outlives its
    // run.
    private string OwnerOf(JsonElement metadata, JsonElement labels)
    {
        var owners = Items(metadata, "ownerReferences").ToList();
        var run = owners.Find(o => Text(o, "kind") == ResourceType.TrainingRuns.Kind);
        return owners.Count > 0 ? Text(run, "uid")
            : Text(labels, LabelNames.Stage) == TaskNames.Cleanup ? Text(labels, LabelNames.RunUid)
            : "";
    }

    private static PodPhase PhaseOf(string phase) =>
        phase switch
        {
            "Succeeded" => PodPhase.Succeeded,
            "Failed" => PodPhase.Failed,
            "Running" => PodPhase.Running,
            "Unknown" => PodPhase.Unknown,
            _ => PodPhase.Pending,
        };

    private string EndReasonOf(JsonElement ended)
    {
        var reason = Text(ended, "reason");
        return Array.IndexOf(Plain, reason) >= 0 ? "" : reason;
    }

    private string WaitingReasonOf(JsonElement state)
    {
        var reason = Text(Child(state, "waiting"), "reason");
        return Array.IndexOf(Starting, reason) >= 0 ? "" : reason;
    }

    private static TerminationMessage? MessageOf(string text)
    {
        if (!text.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TerminationMessage>(text, ContractJson.Compact) is { } said
                ? Hearsay.Of(said)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not the trainer's: what a runtime writes when there is no message file.
            return null;
        }
    }

    private static JsonElement Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private string Text(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.String } text ? texts.Of(text.GetString()) : "";

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var time)
            ? time
            : null;

    private int Number(JsonElement labels, string name) =>
        int.TryParse(Text(labels, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
