using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>One run of a story: what was made of it, and ways to change it.</summary>
/// <param name="scene">Where it plays.</param>
/// <param name="space">Its namespace.</param>
/// <param name="name">Its name.</param>
internal sealed class FollowedRun(Scene scene, string space, string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Its namespace.</summary>
    public string Namespace => space;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its path at the API server.</summary>
    public string Path => JsonApi.Runs(space, name);

    /// <summary>All states of it that were seen.</summary>
    public IReadOnlyCollection<TrainingRun> States => scene.History.Of(space, name);

    /// <summary>All phases, one after the other.</summary>
    public IReadOnlyList<RunPhase> Phases
    {
        get
        {
            var phases = new List<RunPhase>();
            foreach (var phase in States.Where(s => s.Status.Conditions.Count > 0).Select(s => s.Status.Phase))
            {
                if (phases.Count == 0 || phases[^1] != phase)
                {
                    phases.Add(phase);
                }
            }

            return phases;
        }
    }

    /// <summary>Every pod of it that was ever seen.</summary>
    public IReadOnlyList<WrittenPod> Pods => scene.Kubelet.PodsOf(space, name);

    /// <summary>Pods of an attempt's stage, by index.</summary>
    public IReadOnlyList<WrittenPod> PodsOf(string stage, int attempt) =>
        [.. Pods.Where(p => p.Stage == stage && p.Attempt == attempt).OrderBy(p => p.PodIndex)];

    /// <summary>Waits for a state that has come, or comes, to pass.</summary>
    public async Task<TrainingRun> UntilAsync(Func<TrainingRun, bool> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (States.LastOrDefault() is { } run && isSo(run))
            {
                return run;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                var last = JsonSerializer.Serialize(States.LastOrDefault()?.Status, ApiJson.Compact);
                Assert.Fail($"{space}/{name}: not {what} within {Patience}; phases {string.Join(' ', Phases)}: {last}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits for a phase.</summary>
    public Task<TrainingRun> UntilAsync(RunPhase phase) => UntilAsync(r => r.Status.Phase == phase, $"{phase}");

    /// <summary>Waits for a condition of a reason, of today's generation.</summary>
    public Task<TrainingRun> UntilAsync(string type, string status, string reason) =>
        UntilAsync(
            r =>
                r.Status.Condition(type) is { } c
                && c.Status == status
                && c.Reason == reason
                && c.ObservedGeneration == r.Metadata.Generation,
            $"{type}={status} {reason}"
        );

    /// <summary>Waits until a pod has the wanted look, and gives it.</summary>
    public async Task<WrittenPod> PodAsync(string stage, int attempt, int index = 0)
    {
        await UntilAsync(
            _ => PodsOf(stage, attempt).Any(p => p.PodIndex == index),
            $"pod {index} of {stage}, attempt {attempt}"
        );
        return PodsOf(stage, attempt).First(p => p.PodIndex == index);
    }

    /// <summary>Changes its spec, as <c>kubectl patch --type merge</c> does.</summary>
    public async Task PatchAsync(string spec) =>
        (await scene.Api.PatchAsync(Path, new JsonObject { ["spec"] = JsonNode.Parse(spec) })).Expect(
            HttpStatusCode.OK
        );

    /// <summary>Sets an annotation.</summary>
    public async Task AnnotateAsync(string key, string value) =>
        (
            await scene.Api.PatchAsync(
                Path,
                new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }
            )
        ).Expect(HttpStatusCode.OK);

    /// <summary>Deletes it.</summary>
    public async Task DeleteAsync(string propagation = "Background") =>
        (await scene.Api.DeleteAsync(Path, new JsonObject { ["propagationPolicy"] = propagation })).Expect(
            HttpStatusCode.OK
        );

    /// <summary>Waits until it is gone.</summary>
    public Task UntilGoneAsync() => scene.Api.WaitForAbsenceAsync(Path);

    /// <summary>Events on it: type, reason and note, oldest first.</summary>
    public async Task<IReadOnlyList<(string Type, string Reason, string Note)>> EventsAsync()
    {
        var all = (await scene.Api.GetAsync($"apis/events.k8s.io/v1/namespaces/{space}/events")).Body["items"]!;
        return
        [
            .. all.AsArray()
                .Where(e => (string?)e!["regarding"]!["name"] == name)
                .OrderBy(e => (string?)e!["eventTime"], StringComparer.Ordinal)
                .Select(e => ((string)e!["type"]!, (string)e["reason"]!, (string)e["note"]!)),
        ];
    }

    /// <summary>Waits for an event of a reason.</summary>
    public async Task<string> EventAsync(string reason)
    {
        var note = "";
        await Cluster.Patience.UntilAsync(
            async () =>
            {
                note = (await EventsAsync()).FirstOrDefault(e => e.Reason == reason).Note;
                return note is not null;
            },
            $"{space}/{name}: no event {reason}"
        );
        return note;
    }

    /// <summary>Objects of its namespace of a type that carry its label.</summary>
    public async Task<IReadOnlyList<JsonObject>> ObjectsAsync(string prefix, string plural)
    {
        var path = $"{prefix}/namespaces/{space}/{plural}?labelSelector={LabelNames.Run}%3D{name}";
        var answer = (await scene.Api.GetAsync(path)).Expect(HttpStatusCode.OK);
        return [.. answer.Body["items"]!.AsArray().Select(i => i!.AsObject())];
    }
}
