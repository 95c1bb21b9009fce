using System.Diagnostics;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Integration.Tests.Runs;

public sealed class PodEndpointTests
{
    [Fact]
    public async Task A_training_pod_of_two_ranks_answers_and_stops_on_request()
    {
        using var run = new RunFolder(RunFolder.TinyManifest.Replace("maxSteps: 12", "maxSteps: 100000"));
        string[] manifest = ["--spec", run.Manifest];
        await Programs.RunAsync(Programs.Trainer, ["corpus", "build", .. manifest], folder: run.Folder);
        await Programs.RunAsync(Programs.Trainer, ["tokenizer", "train", .. manifest], folder: run.Folder);
        var key = run.At("key");
        await File.WriteAllBytesAsync(key, new byte[32]);
        using var pod = Programs.Start(
            "/usr/bin/env",
            [
                "CODEPARROT_RUN_UID=pod-test",
                "WORLD_SIZE=2",
                "LOCAL_WORLD_SIZE=2",
                $"MASTER_PORT={FreePort.Draw()}",
                $"CODEPARROT_RENDEZVOUS_KEY_FILE={key}",
                $"CODEPARROT_WORK_DIR={run.At("work")}",
                $"CODEPARROT_HTTP_PORT_FILE={run.At("port")}",
                $"CODEPARROT_TERMINATION_LOG={run.At("termination.json")}",
                $"CODEPARROT_STORE_URI=file://{run.At(".codeparrot", "store")}",
                "OMP_NUM_THREADS=1",
                Programs.Trainer,
                "launch",
                "--",
                "train",
                .. manifest,
            ],
            run.Folder
        );
        var output = pod.StandardOutput.ReadToEndAsync();
        var errors = pod.StandardError.ReadToEndAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        if (await UntilAsync(http, run.At("port"), pod, IsTraining) is not { } progress)
        {
            pod.Kill(entireProcessTree: true);
            throw new TimeoutException($"the pod did not train: {await output}{await errors}");
        }

        var request = ProgressQuery.Of("pod-test", new CheckpointRequest("now", Generation: 1));
        var served = await UntilAsync(
            http,
            run.At("port"),
            pod,
            p => p.TryGetProperty("servedRequest", out _),
            request
        );
        var metrics = await http.GetStringAsync($"{Address(run.At("port"))}/metrics");
        var health = await http.GetStringAsync($"{Address(run.At("port"))}/healthz");
        Signals.Send(pod.Id, Signals.Terminate);
        await Programs.EndAsync(pod);

        Assert.Equal("now", served?.GetProperty("servedRequest").GetProperty("nonce").GetString());
        Assert.Equal("pod-test", progress.GetProperty("runUid").GetString());
        Assert.Equal(
            [0, 1],
            progress.GetProperty("ranks").EnumerateArray().Select(r => r.GetProperty("rank").GetInt32())
        );
        Assert.Contains("codeparrot_trainer_loss_nats", metrics);
        Assert.Contains("codeparrot_trainer_rank_step_count{rank=\"1\"}", metrics);
        Assert.Equal("ok\n", health);
        Assert.True(pod.ExitCode == 75, $"exit {pod.ExitCode}: {await output}{await errors}");
        using var message = JsonDocument.Parse(File.ReadAllText(run.At("termination.json")));
        Assert.Equal("Stopped", message.RootElement.GetProperty("class").GetString());
        var step = message.RootElement.GetProperty("step").GetInt64();
        Assert.EndsWith($"step-{step:D9}-a1", message.RootElement.GetProperty("checkpoint").GetString());
        Assert.True(File.Exists(run.At("work", "rank-0.log")) && File.Exists(run.At("work", "rank-1.log")));
    }

    private static bool IsTraining(JsonElement progress) =>
        progress.GetProperty("step").GetInt64() > 5 && progress.GetProperty("ranks").GetArrayLength() == 2;

    private static async Task<JsonElement?> UntilAsync(
        HttpClient http,
        string portFile,
        Process pod,
        Func<JsonElement, bool> isSo,
        string query = ""
    )
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(4) && !pod.HasExited)
        {
            await Task.Delay(100);
            if (await ProgressAsync(http, portFile, query) is { } progress && isSo(progress))
            {
                return progress;
            }
        }

        return null;
    }

    private static async Task<JsonElement?> ProgressAsync(HttpClient http, string portFile, string query)
    {
        try
        {
            return File.Exists(portFile)
                ? JsonDocument.Parse(await http.GetStringAsync($"{Address(portFile)}/progress{query}")).RootElement
                : null;
        }
        catch (HttpRequestException)
        {
            // The pod ended: its own words say why.
            return null;
        }
    }

    private static string Address(string portFile) => $"http://127.0.0.1:{File.ReadAllText(portFile).Trim()}";
}
