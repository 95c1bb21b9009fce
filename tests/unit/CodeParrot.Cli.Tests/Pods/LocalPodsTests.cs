using CodeParrot.Cli.Pods;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Cli.Tests.Pods;

public sealed class LocalPodsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, PodPhase.Succeeded)]
    [InlineData(42, PodPhase.Failed)]
    public async Task Tells_how_a_process_ended_and_what_it_said(int code, PodPhase phase)
    {
        using var trainer = new ScriptedTrainer(
            $$"""printf '{"message":"said","exitCode":{{code}}}' > $CODEPARROT_TERMINATION_LOG; exit {{code}}"""
        );
        var pods = trainer.Open();

        pods.Create(ScriptedTrainer.Pod());
        var pod = await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        Assert.Equal((phase, code, "said"), (pod.Phase, pod.ExitCode, pod.Message!.Message));
    }

    [Fact]
    public async Task Gives_a_process_its_arguments_environment_and_log()
    {
        using var trainer = new ScriptedTrainer(
            "echo $*; echo $WORLD_SIZE $OMP_NUM_THREADS $CODEPARROT_STORE_URI; echo oops >&2"
        );
        var pods = trainer.Open();
        var spec = ScriptedTrainer.Pod();

        pods.Create(spec);
        await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        var folder = trainer.FolderOf(spec);
        var snapshot = trainer.State.SnapshotFile(ScriptedTrainer.Key, "abc");
        Assert.Equal(
            $"launch -- train --spec {snapshot}\n2 2 file:///store\n",
            await File.ReadAllTextAsync(folder.StdoutFile)
        );
        Assert.Equal("oops\n", await File.ReadAllTextAsync(folder.StderrFile));
    }

    [Fact]
    public async Task Pods_of_one_gang_share_a_port_and_the_next_attempt_has_another()
    {
        using var trainer = new ScriptedTrainer("echo $MASTER_PORT");
        var pods = trainer.Open();
        var specs = new[] { ScriptedTrainer.Pod(0), ScriptedTrainer.Pod(1), ScriptedTrainer.Pod(0, attempt: 2) };

        foreach (var spec in specs)
        {
            pods.Create(spec);
        }

        var ports = new List<string>();
        foreach (var spec in specs)
        {
            await ScriptedTrainer.UntilAsync(pods, p => p.Name == spec.Name && !p.IsLiving);
            ports.Add(await File.ReadAllTextAsync(trainer.FolderOf(spec).StdoutFile));
        }

        Assert.Equal(ports[0], ports[1]);
        Assert.NotEqual(ports[0], ports[2]);
    }

    [Fact]
    public async Task A_replacement_has_its_predecessor_s_name_and_port_and_a_log_of_its_own()
    {
        using var trainer = new ScriptedTrainer("echo $MASTER_PORT $CODEPARROT_POD_GENERATION");
        var pods = trainer.Open();
        var (first, other) = (ScriptedTrainer.Pod(1), ScriptedTrainer.Pod(0));
        pods.Create(other);
        pods.Create(first);
        var ended = await ScriptedTrainer.UntilAsync(pods, p => p.Name == first.Name && !p.IsLiving);
        pods.Delete(new DeletePod(ended.Name, ended.Uid, TimeSpan.Zero));

        pods = trainer.Open();
        pods.Create(first with { Generation = 1 });
        var second = await ScriptedTrainer.UntilAsync(pods, p => p.Name == first.Name && !p.IsLiving);

        var port = (await File.ReadAllTextAsync(trainer.FolderOf(first).StdoutFile)).Trim();
        var log = new PodFolder(trainer.FolderOf(first).Root + "-g1").StdoutFile;
        Assert.Equal($"{port} 1\n", await File.ReadAllTextAsync(log));
        Assert.Equal(1, second.Generation);
        Assert.NotEqual(ended.Uid, second.Uid);
    }

    [Fact]
    public async Task A_deleted_pod_may_end_by_itself_within_its_grace()
    {
        using var trainer = new ScriptedTrainer("trap 'exit 75' TERM; echo ready; while :; do sleep 0.05; done");
        var pods = trainer.Open();
        var spec = ScriptedTrainer.Pod();
        pods.Create(spec);
        await ReadyAsync(trainer.FolderOf(spec));

        pods.Delete(new DeletePod(spec.Name, pods.Observe()[0].Uid, Patience));
        var pod = await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        Assert.Equal((75, true), (pod.ExitCode, pod.Deleting));
    }

    [Fact]
    public async Task A_pod_that_does_not_stop_is_killed_with_all_its_children()
    {
        using var trainer = new ScriptedTrainer("trap '' TERM; sleep 1000 & echo ready; wait; sleep 1000");
        var pods = trainer.Open();
        var spec = ScriptedTrainer.Pod();
        pods.Create(spec);
        await ReadyAsync(trainer.FolderOf(spec));
        var session = trainer.FolderOf(spec).ProcessId()!.Value;

        pods.Delete(new DeletePod(spec.Name, pods.Observe()[0].Uid, TimeSpan.Zero));
        var pod = await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        Assert.Equal(137, pod.ExitCode);
        Assert.Empty(ProcessTable.Session(session));
    }

    [Fact]
    public async Task A_pod_whose_shell_was_killed_does_not_end_before_its_last_process()
    {
        using var trainer = new ScriptedTrainer("echo ready; sleep 1000");
        var pods = trainer.Open();
        var spec = ScriptedTrainer.Pod();
        pods.Create(spec);
        await ReadyAsync(trainer.FolderOf(spec));
        var session = trainer.FolderOf(spec).ProcessId()!.Value;

        ProcessSignals.Kill(session);
        var pod = await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        Assert.Equal(137, pod.ExitCode);
        Assert.Empty(ProcessTable.Session(session));
    }

    [Fact]
    public async Task A_new_codeparrot_adopts_what_an_old_one_left_running()
    {
        using var trainer = new ScriptedTrainer(
            "echo ready; while [ ! -f go ]; do sleep 0.05; done; exit 7".Replace("go", "$CODEPARROT_WORK_DIR/go")
        );
        var spec = ScriptedTrainer.Pod();
        trainer.Open().Create(spec);
        await ReadyAsync(trainer.FolderOf(spec));

        var second = trainer.Open();
        second.Refresh();
        var adopted = second.Observe().Single();
        await File.WriteAllTextAsync(Path.Combine(trainer.FolderOf(spec).WorkFolder, "go"), "");
        var ended = await ScriptedTrainer.UntilAsync(second, p => !p.IsLiving);

        Assert.True(adopted.IsLiving);
        Assert.Equal(7, ended.ExitCode);
    }

    [Fact]
    public async Task Adopts_a_pod_whose_process_id_was_never_written_down()
    {
        using var trainer = new ScriptedTrainer("echo ready; sleep 1000");
        var spec = ScriptedTrainer.Pod();
        trainer.Open().Create(spec);
        var folder = trainer.FolderOf(spec);
        await ReadyAsync(folder);
        var process = folder.Read()!.ProcessId;
        folder.Write(folder.Read()! with { ProcessId = null, StartTicks = 0 });

        var second = trainer.Open();
        second.Refresh();
        var adopted = second.Observe().Single();
        second.KillAll();
        await ScriptedTrainer.UntilAsync(second, p => !p.IsLiving);

        Assert.True(adopted.IsLiving);
        Assert.Equal(process, folder.Read()!.ProcessId);
    }

    [Fact]
    public async Task A_pod_that_never_started_can_be_made_again()
    {
        using var trainer = new ScriptedTrainer("exit 0");
        var spec = ScriptedTrainer.Pod();
        Directory.CreateDirectory(trainer.FolderOf(spec).WorkFolder);
        trainer.FolderOf(spec).Write(new PodRecord { Spec = spec, Uid = "lost" });

        var pods = trainer.Open();
        var before = pods.Observe();
        pods.Create(spec);
        var pod = await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);

        Assert.Empty(before);
        Assert.NotEqual("lost", pod.Uid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pod_that_never_started_is_forgotten_and_comes_neither_back_nor_late(bool isMarked)
    {
        using var trainer = new ScriptedTrainer("echo $$; exit 0");
        var spec = ScriptedTrainer.Pod();
        var folder = trainer.FolderOf(spec);
        var lost = new PodRecord { Spec = spec, Uid = "lost" };
        Directory.CreateDirectory(folder.WorkFolder);
        folder.Write(lost);
        trainer.Open();
        var aside = new PodFolder(folder.Root + ".lost");
        if (!isMarked)
        {
            // A codeparrot that was killed just then.
            aside.Write(lost);
            Directory.Delete(folder.Root, recursive: true);
        }

        var second = trainer.Open();
        second.Create(spec);
        var made = await ScriptedTrainer.UntilAsync(second, p => !p.IsLiving);
        using var late = PodShell.Start(folder, "lost", trainer.Host.Trainer, [], new Dictionary<string, string>());
        await late.WaitForExitAsync(TestContext.Current.CancellationToken);
        var third = trainer.Open();

        Assert.Equal(made.Uid, third.Observe().Single().Uid);
        Assert.True(aside.Read()!.Removed);
        Assert.Equal(97, late.ExitCode);
        Assert.Single(await File.ReadAllLinesAsync(folder.StdoutFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_pod_whose_process_was_never_known_has_no_session_to_be_killed()
    {
        // On a machine of its own, the kernel's threads are there to be found.
        Assert.Empty(ProcessTable.Session(0));
    }

    [Fact]
    public async Task A_reused_process_id_is_not_taken_for_the_pod()
    {
        using var trainer = new ScriptedTrainer("exit 0");
        var spec = ScriptedTrainer.Pod();
        Directory.CreateDirectory(trainer.FolderOf(spec).WorkFolder);
        var own = Environment.ProcessId;
        trainer
            .FolderOf(spec)
            .Write(
                new PodRecord
                {
                    Spec = spec,
                    Uid = "old",
                    ProcessId = own,
                    StartTicks = ProcessTable.StartTicks(own)!.Value - 1,
                }
            );

        var pod = await ScriptedTrainer.UntilAsync(trainer.Open(), p => !p.IsLiving);

        Assert.Equal(137, pod.ExitCode);
    }

    [Fact]
    public async Task Refuses_a_second_pod_of_a_name_and_a_deletion_of_another_uid()
    {
        using var trainer = new ScriptedTrainer("exit 0");
        var pods = trainer.Open();
        var spec = ScriptedTrainer.Pod();
        pods.Create(spec);

        Assert.Throws<ClusterConflictException>(() => pods.Create(spec));
        Assert.Throws<ClusterConflictException>(() => pods.Delete(new DeletePod(spec.Name, "other", Patience)));
        await ScriptedTrainer.UntilAsync(pods, p => !p.IsLiving);
    }

    private static async Task ReadyAsync(PodFolder folder)
    {
        for (
            var i = 0;
            i < 6000 && !(File.Exists(folder.StdoutFile) && new FileInfo(folder.StdoutFile).Length > 0);
            i++
        )
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
