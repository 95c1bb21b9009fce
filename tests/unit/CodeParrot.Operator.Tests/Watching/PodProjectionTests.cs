using System.Text.Json;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Watching;

public class PodProjectionTests
{
    private const string Metadata = """
        "metadata": {
          "name": "r-train-a2-3", "namespace": "research", "uid": "u", "resourceVersion": "9",
          "labels": {
            "codeparrot.dev/run": "r", "codeparrot.dev/run-uid": "run-uid", "codeparrot.dev/stage": "train",
            "codeparrot.dev/attempt": "2", "codeparrot.dev/pod-index": "3"
          },
          "ownerReferences": [{ "kind": "TrainingRun", "uid": "run-uid" }]
        }
        """;

    [Theory]
    [InlineData("""{"deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":0}""", true)]
    [InlineData("""{"deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":30}""", false)]
    [InlineData("""{"deletionTimestamp":"2026-01-01T00:00:00Z"}""", false)]
    [InlineData("{}", false)]
    public void A_pod_without_any_grace_left_that_is_still_there_is_held(string metadata, bool held)
    {
        var pod = System.Text.Json.JsonDocument.Parse($$"""{"metadata":{{metadata}}}""").RootElement;

        Assert.Equal(held, new PodProjection(new TextPool()).Of(pod).Value.Held);
    }

    [Fact]
    public void A_failed_pod_says_what_the_planner_wants_to_know()
    {
        var pod = Project(
            $$"""
            { {{Metadata}}, "spec": { "nodeName": "n1" }, "status": {
              "phase": "Failed", "podIP": "10.0.0.9",
              "conditions": [
                { "type": "PodScheduled", "status": "True" }, { "type": "Ready", "status": "False" },
                { "type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler" }
              ],
              "containerStatuses": [{ "name": "trainer", "state": { "terminated": {
                "exitCode": 44, "reason": "Error", "finishedAt": "2026-01-02T03:04:05Z",
                "message": "{\"rank\":3,\"class\":\"GpuFault\",\"exitCode\":44}"
              } } }]
            } }
            """
        );

        Assert.Equal(new RunKey("research", "r"), pod.Run);
        Assert.Equal("9", pod.Version);
        var value = pod.Value;
        Assert.Equal(("train", 2, 3, "run-uid"), (value.Stage, value.Attempt, value.PodIndex, value.RunUid));
        Assert.Equal(
            // "Error" is what every container's end is called: it would hide what the pod and the trainer say.
            (PodPhase.Failed, 44, "", "n1", "10.0.0.9"),
            (value.Phase, value.ExitCode, value.Reason, value.Node, value.Address)
        );
        Assert.Equal(["PodScheduled", "DisruptionTarget"], value.Conditions);
        Assert.Equal("PreemptionByScheduler", value.Disruption);
        Assert.Equal("GpuFault", value.Message?.Class);
        Assert.Equal(DateTimeOffset.Parse("2026-01-02T03:04:05Z"), value.FinishedAt);
        Assert.True(value.Scheduled);
        Assert.False(value.Deleting);
    }

    [Theory]
    [InlineData("OOMKilled", "", "OOMKilled")]
    [InlineData("Error", "Evicted", "Evicted")]
    [InlineData("OOMKilled", "Evicted", "Evicted")]
    [InlineData("Completed", "", "")]
    public void The_reason_is_the_pod_s_own_or_what_the_runtime_knows_better_than_the_code(
        string container,
        string pod,
        string reason
    )
    {
        var value = Project(
            $$"""
            { {{Metadata}}, "status": { "phase": "Failed", "reason": "{{pod}}",
              "containerStatuses": [{ "state": { "terminated": { "exitCode": 1, "reason": "{{container}}" } } }] } }
            """
        ).Value;

        Assert.Equal(reason, value.Reason);
    }

    [Fact]
    public void A_new_pod_has_no_status_yet()
    {
        var value = Project($$"""{ {{Metadata}} }""").Value;

        Assert.Equal(PodPhase.Pending, value.Phase);
        Assert.Null(value.ExitCode);
        Assert.Null(value.Message);
        Assert.False(value.Scheduled);
    }

    [Theory]
    [InlineData("ContainerCreating", "")]
    [InlineData("ImagePullBackOff", "ImagePullBackOff")]
    public void A_container_that_is_only_on_its_way_does_not_wait(string reason, string expected)
    {
        var value = Project(
            $$"""
            { {{Metadata}}, "status": { "phase": "Pending", "containerStatuses": [
              { "state": { "waiting": { "reason": "{{reason}}" } } } ] } }
            """
        ).Value;

        Assert.Equal(expected, value.WaitingReason);
    }

    [Fact]
    public void An_evicted_pod_gives_the_eviction_as_its_reason_and_no_message_that_is_none()
    {
        var value = Project(
            $$"""
            { {{Metadata}}, "status": { "phase": "Failed", "reason": "Evicted", "containerStatuses": [
              { "state": { "terminated": { "exitCode": 137, "reason": "Error", "message": "killed" } } } ] } }
            """
        ).Value;

        Assert.Equal("Evicted", value.Reason);
        Assert.Null(value.Message);
    }

    [Theory]
    [InlineData("""[{ "kind": "Job", "uid": "j" }]""", "")]
    [InlineData("[]", "")]
    [InlineData("[]", "run-uid", "cleanup")]
    public void A_label_alone_makes_no_pod_of_another_owner_ours(string owners, string expected, string stage = "train")
    {
        var metadata = Metadata
            .Replace("""[{ "kind": "TrainingRun", "uid": "run-uid" }]""", owners)
            .Replace("\"train\"", $"\"{stage}\"");

        Assert.Equal(expected, Project($$"""{ {{metadata}} }""").Value.RunUid);
    }

    [Theory]
    [InlineData("""{"class":null,"message":null,"outputs":{"a":null}}""")]
    [InlineData("""{"message":"\ud800"}""")]
    [InlineData("""{"rank":1e400}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void A_message_of_any_kind_leaves_a_pod_readable(string said)
    {
        var message = JsonSerializer.Serialize(said);

        var value = Project(
            $$"""
            { {{Metadata}}, "status": { "phase": "Failed", "containerStatuses": [
              { "state": { "terminated": { "exitCode": 1, "message": {{message}} } } } ] } }
            """
        ).Value;

        Assert.Equal("", value.Message?.Class ?? "");
        Assert.Empty(value.Message?.Outputs ?? new Dictionary<string, string>());
    }

    private static CachedObject<PodObservation> Project(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new PodProjection(new TextPool()).Of(document.RootElement);
    }
}
