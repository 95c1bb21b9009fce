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
        Assert.Contains($"train: done (loss {local.Metric("loss/train")[12]:F4}", result.Output);
        Assert.Contains("s3://", result.Output);
    }

    [Fact]
    public async Task A_full_disk_ends_with_42_and_loses_nothing_that_was_committed()
    {
        using var undisturbed = new RunFolder();
        var first = await undisturbed.RunAsync();
        Assert.True(first.ExitCode == 0, first.ToString());
        using var run = new RunFolder();
        Directory.CreateDirectory(run.Store);
        await using var small = await SmallFileSystem.MountAsync(run.Store, "1600k");

        var full = await run.RunAsync("--set", "failurePolicy.maxRestarts=0");
        var kept = run.Checkpoints();
        await small.GrowAsync("64m");
        var result = await run.RunAsync("--set", "failurePolicy.maxRestarts=0");

        Assert.True(full.ExitCode == 42, full.ToString());
        Assert.NotEmpty(kept);
        Assert.Contains("full", full.Errors + full.Output);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(kept.Except(run.Checkpoints()));
        Assert.Equal(undisturbed.Metric("loss/train"), run.Metric("loss/train"));
    }
}
