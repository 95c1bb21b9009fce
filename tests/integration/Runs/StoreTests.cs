using System.Diagnostics;
using CodeParrot.Integration.Tests.Storage;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>Whole runs on stores that are not a plain folder.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class StoreTests(S3Server server)
{
    [Fact]
    public async Task A_run_on_an_S3_store_ends_with_the_losses_of_one_on_a_folder()
    {
        using var local = new RunFolder();
        var options = await server.NewBucketAsync();
        using var remote = new RunFolder(
            RunFolder.TinyManifest.Replace(
                "spec:\n",
                $"spec:\n  store: {{ uri: \"{options.Uri}\", endpoint: \"{options.Endpoint}\" }}\n"
            )
        );
        var first = await local.RunAsync();
        Assert.True(first.ExitCode == 0, first.ToString());

        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [
                $"AWS_ACCESS_KEY_ID={options.AccessKey}",
                $"AWS_SECRET_ACCESS_KEY={options.SecretKey}",
                Programs.CodeParrot,
                "run",
                "-f",
                remote.Manifest,
                "--state",
                remote.State,
            ]
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        var name = $"{local.Metric("loss/train")[12]:F3}"[..5];
        Assert.Contains($"loss {name}", result.Output);
        Assert.Contains("s3://", result.Output);
    }

    [Fact]
    public async Task A_full_disk_ends_with_42_and_loses_nothing_that_was_committed()
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a small file system takes root");
        using var undisturbed = new RunFolder();
        var first = await undisturbed.RunAsync();
        Assert.True(first.ExitCode == 0, first.ToString());
        using var run = new RunFolder();
        Directory.CreateDirectory(run.Store);
        await MountAsync(run.Store, "1600k");
        try
        {
            var full = await run.RunAsync("--set", "failurePolicy.maxRestarts=0");
            var kept = run.Checkpoints();
            await ShellAsync("mount", "-o", "remount,size=64m", run.Store);
            var result = await run.RunAsync("--set", "failurePolicy.maxRestarts=0");

            Assert.True(full.ExitCode == 42, full.ToString());
            Assert.NotEmpty(kept);
            Assert.Contains("full", full.Errors + full.Output);
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Empty(kept.Except(run.Checkpoints()));
            Assert.Equal(undisturbed.Metric("loss/train"), run.Metric("loss/train"));
        }
        finally
        {
            await ShellAsync("umount", run.Store);
        }
    }

    private static Task MountAsync(string folder, string size) =>
        ShellAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);

    private static async Task ShellAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
