using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.State;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.Tests.State;

public sealed class RunFileTests
{
    [Fact]
    public void Every_write_gives_a_new_version_and_only_a_new_spec_a_new_generation()
    {
        using var folder = new TemporaryFolder();
        var file = new RunFile(Path.Combine(folder.Path, "run.json"));

        var created = file.Update(_ => new TrainingRun());
        var status = file.Update(r => r! with { Status = new RunStatus { Attempt = 1 } });
        var spec = file.Update(r => r! with { Spec = r.Spec with { Suspend = true } });

        Assert.Equal(("1", 1L), (created.Metadata.ResourceVersion, created.Metadata.Generation));
        Assert.Equal(("2", 1L), (status.Metadata.ResourceVersion, status.Metadata.Generation));
        Assert.Equal(("3", 2L), (spec.Metadata.ResourceVersion, spec.Metadata.Generation));
        Assert.Equal(TimeSpan.FromMinutes(10), file.Read()!.Spec.Workers.RendezvousTimeout);
    }

    [Fact]
    public void A_status_of_an_older_version_is_refused()
    {
        using var folder = new TemporaryFolder();
        var file = new RunFile(Path.Combine(folder.Path, "run.json"));
        var seen = file.Update(_ => new TrainingRun());
        file.Update(r => r! with { Spec = r.Spec with { Suspend = true } });

        Assert.Throws<ClusterConflictException>(() =>
            file.WriteStatus(new RunStatus { Attempt = 9 }, seen.Metadata.ResourceVersion)
        );
        Assert.Equal(0, file.Read()!.Status.Attempt);
        Assert.True(file.Read()!.Spec.Suspend);
    }

    [Fact]
    public async Task Changes_from_many_sides_are_all_kept()
    {
        using var folder = new TemporaryFolder();
        var file = new RunFile(Path.Combine(folder.Path, "run.json"));
        file.Update(_ => new TrainingRun());

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    Task.Run(() =>
                        file.Update(r => r! with { Status = r.Status with { Restarts = r.Status.Restarts + 1 } })
                    )
                )
        );

        Assert.Equal(20, file.Read()!.Status.Restarts);
    }

    [Fact]
    public void One_process_at_a_time_drives_a_run()
    {
        using var folder = new TemporaryFolder();
        string message;
        using (RunLock.Take(folder.Path))
        {
            message = Assert.Throws<UserMistakeException>(() => RunLock.Take(folder.Path)).Message;
        }

        using var again = RunLock.Take(folder.Path);
        Assert.Contains($"process {Environment.ProcessId}", message, StringComparison.Ordinal);
    }
}
