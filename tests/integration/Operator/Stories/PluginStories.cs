using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;
using CodeParrot.Integration.Tests.Plugin;
using YamlDotNet.Serialization;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Commands of kubectl's plugin, typed by somebody who has the chart's editor role.</summary>
internal static class PluginStories
{
    public static async Task A_typed_manifest_becomes_a_run_that_is_shown_to_its_end(Scene scene)
    {
        var space = await scene.Plane.NewNamespaceAsync();
        scene.Kubelet.Script(space, "typed", PodScript.Obliging);
        var kubectl = new KubectlPlugin(scene.Plane.AdminKubeconfig, space);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Manifest("typed"));

        var shown = await kubectl.OutputAsync("run", "-f", file, "--set", "training.maxSteps=300");

        Assert.Contains("trainingrun.codeparrot.dev/typed created", shown, StringComparison.Ordinal);
        Assert.Contains("run typed is done", shown, StringComparison.Ordinal);
        Assert.Contains("model folder: s3://models/stories/runs/", shown, StringComparison.Ordinal);
        var again = await kubectl.OutputAsync("run", "-f", file, "--set", "training.maxSteps=300", "--detach");
        Assert.Equal("trainingrun.codeparrot.dev/typed unchanged\n", again);
        File.Delete(file);
    }

    public static async Task A_run_is_looked_at_in_every_form(Scene scene)
    {
        var run = await scene.CreateAsync();
        await run.UntilAsync(RunPhase.Succeeded);
        var kubectl = new KubectlPlugin(scene.Plane.AdminKubeconfig, run.Namespace);

        var table = (await kubectl.OutputAsync("get")).Split('\n');
        Assert.StartsWith("NAMESPACE", table[0], StringComparison.Ordinal);
        Assert.Contains("Succeeded", table[1], StringComparison.Ordinal);
        Assert.Contains("PUBLISHED", await kubectl.OutputAsync("get", "-o", "wide"), StringComparison.Ordinal);
        var json = JsonNode.Parse(await kubectl.OutputAsync("get", "small", "-o", "json"))!;
        Assert.Equal("Succeeded", (string?)json["status"]!["phase"]);
        var yaml = new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<string, object>>(await kubectl.OutputAsync("get", "small", "-o", "yaml"));
        Assert.Equal("TrainingRun", yaml["kind"]);
        var checkpoints = await kubectl.OutputAsync("checkpoints");
        Assert.Contains("b1/step-000000100-a1", checkpoints, StringComparison.Ordinal);
        var list = JsonNode.Parse(await kubectl.OutputAsync("checkpoints", "small", "-o", "json"))!.AsArray();
        Assert.Equal(3, list.Count);
        Assert.Contains("run small is done", await kubectl.OutputAsync("watch", "small"), StringComparison.Ordinal);
        // What a shell's key for completion asks for.
        Assert.Equal("small\n", await kubectl.OutputAsync("complete", "--", "--namespace", run.Namespace, "get", "sm"));
    }

    public static async Task A_run_is_suspended_resumed_rolled_back_and_promoted(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.TrainUpTo(200))
        );
        await run.UntilAsync(r => r.Status.LatestCheckpoint == "step-000000200-a1", "at step 200");
        var kubectl = new KubectlPlugin(scene.Plane.AdminKubeconfig, run.Namespace);

        using var watch = kubectl.Start("watch", "small");
        var noRank = await kubectl.RunAsync("logs", "small", "--rank", "9");
        Assert.Contains(
            "no pod of run small has rank 9; its newest gang has 2 ranks",
            noRank.Errors,
            StringComparison.Ordinal
        );
        var suspended = await kubectl.OutputAsync("suspend", "small");

        Assert.Contains("run small is Suspended with checkpoint b1/step-", suspended, StringComparison.Ordinal);
        var shown = await watch.StandardOutput.ReadToEndAsync();
        await watch.WaitForExitAsync();
        Assert.Equal((int)ExitCode.Stopped, watch.ExitCode);
        Assert.Contains("train: begins (attempt 1)", shown, StringComparison.Ordinal);
        Assert.Contains("run small is suspended; kubectl codeparrot resume small", shown, StringComparison.Ordinal);
        var back = await kubectl.OutputAsync("rollback", "small", "--to-step", "100", "--skip-steps", "5");
        Assert.Contains("run small goes on from b1/step-000000100-a1 on branch b2", back, StringComparison.Ordinal);
        Assert.Contains("run small goes on", await kubectl.OutputAsync("resume", "small"), StringComparison.Ordinal);
        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal(5, done.Status.Rollback!.Value.SkipSteps);

        var promoted = await kubectl.OutputAsync("promote", "b1/step-000000200-a1", "small");

        Assert.Contains("published b1/step-000000200-a1", promoted, StringComparison.Ordinal);
        var now = await run.UntilAsync(r => r.Status.Promotion?.Result == ConditionReasons.Promoted, "promoted");
        Assert.Equal("b1/step-000000200-a1", now.Status.Published);
    }

    public static async Task A_checkpoint_is_asked_for_and_waited_for(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p.Stage == StageNames.Train, Trainers.TrainUpTo(100))
        );
        await run.UntilAsync(r => r.Status is { Phase: RunPhase.Running, LatestCheckpoint.Length: > 0 }, "training");
        var pod = await run.PodAsync(StageNames.Train, 1);

        using var asking = new KubectlPlugin(scene.Plane.AdminKubeconfig, run.Namespace).Start("checkpoint", "now");
        var asked = await run.UntilAsync(r => r.Spec.Checkpoints.RequestNonce.Length > 0, "asked");
        var nonce = asked.Spec.Checkpoints.RequestNonce;
        await pod.AskedForAsync(nonce).WaitAsync(TimeSpan.FromMinutes(2));
        var served = new ServedRequest(nonce, "b1/step-000000142-a1");
        await pod.TellAsync(Trainers.Progress(pod, 142) with { ServedRequest = served });

        var said = await asking.StandardOutput.ReadToEndAsync();
        Assert.StartsWith("checkpoint b1/step-000000142-a1: s3://models/stories/runs/", said, StringComparison.Ordinal);
    }

    public static async Task What_cannot_be_done_is_said_with_the_remedy(Scene scene)
    {
        var run = await scene.CreateAsync();
        await run.UntilAsync(RunPhase.Succeeded);
        var kubectl = new KubectlPlugin(scene.Plane.AdminKubeconfig, run.Namespace);

        foreach (
            var (words, said) in new (string[], string)[]
            {
                (["rollback", "small", "--to-step", "150"], "there are those of steps 100, 200, 300"),
                (["promote", "step-7", "small"], "known are b1/step-000000300-a1"),
                (["suspend", "small"], "run small is over (Succeeded)"),
                (["checkpoint", "now", "small"], "run small is not training (Succeeded)"),
                (["get", "other"], $"no run 'other' in namespace {run.Namespace}; known are {run.Namespace}/small"),
                (["run", "-f", "/nonexistent.yaml"], "cannot be read"),
                (["get", "--context", "nowhere"], "nowhere"),
            }
        )
        {
            var result = await kubectl.RunAsync(words);
            Assert.Equal((int)ExitCode.UserMistake, result.ExitCode);
            Assert.Contains(said, result.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        }

        var nobody = new KubectlPlugin(await scene.Plane.UserKubeconfigAsync("nobody", "strangers"), run.Namespace);
        var refused = await nobody.RunAsync("get");
        Assert.Equal((int)ExitCode.UserMistake, refused.ExitCode);
        Assert.Contains("you may not do this", refused.Errors, StringComparison.Ordinal);
    }

    public static async Task The_doctor_sees_what_is_missing(Scene scene)
    {
        var space = await scene.Plane.NewNamespaceAsync();
        var kubectl = new KubectlPlugin(scene.Plane.AdminKubeconfig, space);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Manifest("typed") + "\n  scheduling: { gang: Kueue, queue: research }\n");

        var result = await kubectl.RunAsync("doctor", "-f", file, "-o", "json");

        // No operator is installed here by the chart, nor is Kueue, nor the secret of the store.
        Assert.True(result.ExitCode == 1, $"{result}");
        var findings = JsonNode.Parse(result.Output)!.AsArray().ToDictionary(f => (string)f!["check"]!, f => f!);
        Assert.Equal("Ok", (string?)findings["TrainingRun"]["level"]);
        Assert.Equal("Ok", (string?)findings["your rights"]["level"]);
        Assert.Equal("Failed", (string?)findings["operator"]["level"]);
        Assert.Contains("asks for Kueue", (string?)findings["gang scheduler"]["detail"], StringComparison.Ordinal);
        Assert.Contains("there is no Secret s3", (string?)findings["store"]["detail"], StringComparison.Ordinal);
        var stranger = new KubectlPlugin(await scene.Plane.UserKubeconfigAsync("stranger", "strangers"), space);
        var asked = JsonNode.Parse((await stranger.RunAsync("doctor", "-o", "json")).Output)!.AsArray();
        var rights = asked.First(f => (string?)f!["check"] == "your rights")!;
        Assert.Contains("you may not list trainingruns", (string?)rights["detail"], StringComparison.Ordinal);
        File.Delete(file);
    }

    private static string Manifest(string name) =>
        $$"""
            apiVersion: codeparrot.dev/v1alpha1
            kind: TrainingRun
            metadata: { name: {{name}} }
            spec:
              store: { uri: "s3://models/stories", credentialsSecret: s3 }
              corpus: { source: { uri: "s3://sources/python", format: Files } }
              tokenizer: { train: { vocabularySize: 300 } }
              model: { layers: 2, heads: 2, width: 64, contextLength: 64 }
              training: { batchSize: 2, maxSteps: 200, schedule: { warmupSteps: 10 } }
              checkpoints: { everySteps: 100 }
              workers: { count: 2, terminationGracePeriod: 30s }
            """;
}
