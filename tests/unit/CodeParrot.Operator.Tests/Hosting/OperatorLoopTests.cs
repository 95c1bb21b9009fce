using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Operator.Tests.Hosting;

public class OperatorLoopTests
{
    [Fact]
    public void A_run_goes_from_its_application_to_success()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Play(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                while (Loops.Read(server, "r").Status.Phase != RunPhase.Succeeded)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                }
            }
        );

        // The operator's own namespace reaches the pods' progress.
        var peers = Assert.Single(server.All(ResourceType.NetworkPolicies))["spec"]!["ingress"]!.AsArray();
        Assert.Contains(peers, p => p!.ToJsonString().Contains(Loops.Options.OwnNamespace, StringComparison.Ordinal));
        var status = Loops.Read(server, "r").Status;
        Assert.Equal(1, status.Attempt);
        Assert.Equal(0, status.Restarts);
        Assert.Equal(RunCondition.True, status.Condition(ConditionTypes.Succeeded)?.Status);
        var lease = Assert.Single(server.All(ResourceType.Leases));
        Assert.Equal("", (string?)lease["spec"]?["holderIdentity"]);
    }

    [Fact]
    public void A_native_gang_is_made_in_the_older_version_where_the_server_knows_no_newer()
    {
        var time = new VirtualTime();
        var isKnown = false;
        var server = new MemoryServer(time)
        {
            Before = what =>
            {
                if (!isKnown && what.StartsWith("create podgroups/", StringComparison.Ordinal))
                {
                    isKnown = true;
                    throw new ApiServerException(System.Net.HttpStatusCode.NotFound, "NotFound", "no such version");
                }

                return Task.CompletedTask;
            },
        };
        var groups = ResourceType.Of(NativeGang.OlderApiVersion, PodGroup.Plural, PodGroup.Kind);
        var run = Loops.Run("r");
        run["spec"]!["scheduling"] = new JsonObject { ["gang"] = "Native" };
        var versions = new List<string?>();

        Play(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, run, default);
                while (Loops.Read(server, "r").Status.Phase != RunPhase.Succeeded || server.All(groups).Any())
                {
                    versions.AddRange(server.All(groups).Select(group => (string?)group["apiVersion"]));
                    await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                }
            }
        );

        Assert.Equal(NativeGang.OlderApiVersion, Assert.Single(versions.Distinct()));
        Assert.DoesNotContain(server.All(ResourceType.Events), e => (string?)e["reason"] == "Refused");
    }

    [Fact]
    public void Steady_state_costs_no_writes()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Play(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
                server.Writes.Clear();

                await Task.Delay(TimeSpan.FromMinutes(10), time, default);
                Assert.DoesNotContain(server.Writes, w => !w.Contains("leases/", StringComparison.Ordinal));
            },
            ends: false
        );
    }

    [Fact]
    public void A_network_policy_of_an_older_operator_is_brought_up_to_date_by_the_next_attempt()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);
        JsonObject Policy() => Assert.Single(server.All(ResourceType.NetworkPolicies));

        Play(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                await Task.Delay(TimeSpan.FromSeconds(30), time, default);
                var wanted = Policy()["spec"]!.DeepClone();
                var name = (string)Policy()["metadata"]!["name"]!;
                server.Edit(ResourceType.NetworkPolicies, name, p => p["spec"]!["ingress"] = new JsonArray());
                var pod = (string)server.All(ResourceType.Pods).First()["metadata"]!["name"]!;
                server.Edit(ResourceType.Pods, pod, p => p["status"] = Kubelet.Ended(time, 1));
                await Task.Delay(TimeSpan.FromMinutes(5), time, default);

                Assert.Equal(2, Loops.Read(server, "r").Status.Attempt);
                Assert.True(JsonNode.DeepEquals(wanted, Policy()["spec"]));
            },
            ends: false
        );
    }

    [Fact]
    public void What_a_pod_says_that_ends_and_is_gone_at_once_is_heard()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Play(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                await Task.Delay(TimeSpan.FromSeconds(30), time, default);
                var pod = (string)server.All(ResourceType.Pods).First()["metadata"]!["name"]!;
                // As a kubelet does when somebody has deleted the pod: no pass comes between.
                server.Edit(ResourceType.Pods, pod, p => p["status"] = Stopped(time));
                server.Remove(ResourceType.Pods, pod, "default");
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);

                var checkpoint = Assert.Single(Loops.Read(server, "r").Status.Checkpoints);
                Assert.Equal(20, checkpoint.Step);
            },
            ends: false
        );
    }

    [Fact]
    public void A_run_that_cannot_be_read_is_told_so_and_stops_no_other()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Operate(
            server,
            time,
            async () =>
            {
                var bad = Loops.Run("bad");
                bad["spec"]!["training"]!["precision"] = "Fp4";
                await server.CreateAsync(ResourceType.TrainingRuns, bad, default);
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("good"), default);
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
                var told = server.Writes.Count(w =>
                    w.StartsWith("replace trainingruns/default/bad", StringComparison.Ordinal)
                );
                Assert.Equal(1, told);
            }
        );

        var condition = Assert.Single(
            server.Find(ResourceType.TrainingRuns, "bad")!["status"]!["conditions"]!.AsArray()
        );
        Assert.Equal("Accepted", (string?)condition!["type"]);
        Assert.Equal("False", (string?)condition["status"]);
        Assert.Equal(ConditionReasons.Unreadable, (string?)condition["reason"]);
        Assert.Contains("precision", (string?)condition["message"]);
        Assert.Equal(1, Loops.Read(server, "good").Status.Attempt);
    }

    [Fact]
    public void An_object_of_someone_else_in_the_way_holds_the_run_up_and_is_left_alone()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Operate(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                var pod = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = "r-corpus-a1-0" },
                };
                await server.CreateAsync(ResourceType.Pods, pod, default);
                await Task.Delay(TimeSpan.FromMinutes(5), time, default);
                var tries = server.Writes.Count(w => w == "create pods/default/r-corpus-a1-0");

                server.Remove(ResourceType.Pods, "r-corpus-a1-0", "default");
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);

                // Its backoff grows to half a minute: it does not hammer.
                Assert.InRange(tries, 2, 40);
            }
        );

        var made = server.Find(ResourceType.Pods, "r-corpus-a1-0");
        Assert.Equal("r", (string?)made?["metadata"]?["labels"]?[LabelNames.Run]);
    }

    [Fact]
    public void What_the_server_refuses_to_make_is_told_to_the_user_and_not_again_and_again()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time)
        {
            Before = what =>
                what.StartsWith("create pods/", StringComparison.Ordinal)
                    ? throw new ApiServerException(System.Net.HttpStatusCode.Forbidden, "Forbidden", "exceeded quota")
                    : Task.CompletedTask,
        };

        Operate(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("r"), default);
                await Task.Delay(TimeSpan.FromMinutes(9), time, default);
            }
        );

        var told = Assert.Single(server.All(ResourceType.Events), e => (string?)e["reason"] == "Refused");
        Assert.Equal("exceeded quota", (string?)told["note"]);
    }

    [Fact]
    public void A_cleanup_pod_that_outlived_its_run_is_removed_once_it_has_ended()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);

        Operate(
            server,
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.Pods, CleanupPod("ended", "Succeeded"), default);
                await server.CreateAsync(ResourceType.Pods, CleanupPod("working", "Running"), default);
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
            }
        );

        var left = Assert.Single(server.All(ResourceType.Pods));
        Assert.Equal("working", (string?)left["metadata"]!["name"]);
    }

    [Fact]
    public void An_operator_that_is_told_to_stop_while_it_waits_for_the_api_server_ends()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time)
        {
            Before = _ =>
                throw new ApiServerException(System.Net.HttpStatusCode.NotFound, "NotFound", "no such resource"),
        };

        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                using var loop = Loops.Create(server, time);
                var running = loop.RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
                Assert.False(loop.IsReady);
                Assert.Contains("CustomResourceDefinition", loop.Problem);

                stop.Cancel();
                await running.WaitAsync(TimeSpan.FromSeconds(10), time);
            }
        );
    }

    private static JsonObject Stopped(VirtualTime time)
    {
        var status = Kubelet.Ended(time, (int)ExitCode.Stopped);
        var said = new TerminationMessage
        {
            Checkpoints = [new("step-000000020-a1", "b1", 20, 3.0, null, 1000, "digest", time.GetUtcNow())],
        };
        status["containerStatuses"]![0]!["state"]!["terminated"]!["message"] = JsonSerializer.Serialize(
            said,
            ContractJson.Compact
        );
        return status;
    }

    // A story in a world with an operator and a kubelet, to its end.
    private static void Play(MemoryServer server, VirtualTime time, Func<Task> story, bool ends = true) =>
        Operate(
            server,
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                var kubelet = Kubelet.RunAsync(server, time, stop.Token, ends);
                await story();
                stop.Cancel();
                await kubelet;
            }
        );

    // A story in a world with an operator, to its end.
    private static void Operate(MemoryServer server, VirtualTime time, Func<Task> story) =>
        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                using var loop = Loops.Create(server, time);
                var running = loop.RunAsync(stop.Token);
                await story();
                stop.Cancel();
                await running;
            }
        );

    private static JsonObject CleanupPod(string name, string phase) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["namespace"] = "default",
                ["name"] = name,
                ["labels"] = new JsonObject
                {
                    [LabelNames.ManagedBy] = LabelNames.ManagedByValue,
                    [LabelNames.Run] = "gone",
                    [LabelNames.RunUid] = "uid-gone",
                    [LabelNames.Stage] = TaskNames.Cleanup,
                    [LabelNames.Attempt] = "1",
                    [LabelNames.PodIndex] = "0",
                },
            },
            ["status"] = new JsonObject { ["phase"] = phase },
        };
}
