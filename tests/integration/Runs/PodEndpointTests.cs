using System.Diagnostics;
using System.Text.Json;

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
                $"MASTER_PORT={FreePort()}",
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
        using var http = new HttpClient();

        var progress = await TrainingAsync(http, run.At("port"), pod);
        var metrics = await http.GetStringAsync($"{Address(run.At("port"))}/metrics");
        var health = await http.GetStringAsync($"{Address(run.At("port"))}/healthz");
        using (var terminate = Process.Start("kill", ["-TERM", $"{pod.Id}"]))
        {
            await terminate.WaitForExitAsync();
        }

        await pod.WaitForExitAsync();

        Assert.Equal("pod-test", progress.GetProperty("runUid").GetString());
        Assert.Equal(
            [0, 1],
            progress.GetProperty("ranks").EnumerateArray().Select(r => r.GetProperty("rank").GetInt32())
        );
        Assert.Contains("codeparrot_trainer_loss_nats", metrics);
        Assert.Contains("codeparrot_trainer_rank_step_count{rank=\"1\"}", metrics);
        Assert.Equal("ok\n", health);
        Assert.True(pod.ExitCode == 75, $"exit {pod.ExitCode}: {await output}");
        using var message = JsonDocument.Parse(File.ReadAllText(run.At("termination.json")));
        Assert.Equal("Stopped", message.RootElement.GetProperty("class").GetString());
        var step = message.RootElement.GetProperty("step").GetInt64();
        Assert.EndsWith($"step-{step:D9}-a1", message.RootElement.GetProperty("checkpoint").GetString());
        Assert.True(File.Exists(run.At("work", "rank-0.log")) && File.Exists(run.At("work", "rank-1.log")));
    }

    private static async Task<JsonElement> TrainingAsync(HttpClient http, string portFile, Process pod)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(1) && !pod.HasExited)
        {
            await Task.Delay(100);
            if (!File.Exists(portFile))
            {
                continue;
            }

            var answer = JsonDocument.Parse(await http.GetStringAsync($"{Address(portFile)}/progress")).RootElement;
            if (answer.GetProperty("step").GetInt64() > 5 && answer.GetProperty("ranks").GetArrayLength() == 2)
            {
                return answer;
            }
        }

        throw new TimeoutException("the pod did not train within a minute");
    }

    private static string Address(string portFile) => $"http://127.0.0.1:{File.ReadAllText(portFile).Trim()}";

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
