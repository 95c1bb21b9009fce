using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.Tests.Pods;
using CodeParrot.Contract.Manifest;

namespace CodeParrot.Cli.Tests.Commands;

public sealed class RunSessionTests
{
    private const string Text = """
        apiVersion: codeparrot.dev/v1alpha1
        kind: TrainingRun
        metadata: { name: small }
        spec:
          corpus: { source: { uri: /data } }
          workers: { count: 2 }
          failurePolicy: { backoff: { initial: 100ms, max: 100ms }, maxRestarts: 2 }
        """;

    [Fact]
    public async Task Takes_a_run_to_its_end_and_says_what_came_of_it()
    {
        using var trainer = new ScriptedTrainer(
            """
            printf '{"outputs":{"loss":"2.5","modelFolder":"/models/%s"}}' "$3" > "$CODEPARROT_TERMINATION_LOG"
            """
        );

        var (code, output, run) = await RunAsync(trainer);

        Assert.Equal((0, RunPhase.Succeeded), (code, run.Status.Phase));
        Assert.Contains("loss on held-out files: 2.5", output, StringComparison.Ordinal);
        Assert.Contains("model folder: /models/publish", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restarts_after_a_failure_and_goes_on_with_the_stage()
    {
        using var trainer = new ScriptedTrainer("""[ "$3" != train ] || [ "$CODEPARROT_ATTEMPT" = 2 ] || exit 1""");

        var (code, output, run) = await RunAsync(trainer);

        Assert.Equal((0, 2, 1), (code, run.Status.Attempt, run.Status.Restarts));
        Assert.Contains("train: begins (attempt 2)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("corpus: begins (attempt 2)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_the_exit_code_of_the_failure()
    {
        using var trainer = new ScriptedTrainer("exit 3");

        var (code, _, run) = await RunAsync(trainer);

        Assert.Equal((3, RunPhase.Failed), (code, run.Status.Phase));
    }

    [Fact]
    public async Task Stops_when_it_is_suspended_and_goes_on_when_it_is_not()
    {
        using var trainer = new ScriptedTrainer(
            """
            [ "$3" = train ] && [ "$CODEPARROT_ATTEMPT" = 1 ] || exit 0
            trap 'exit 75' TERM
            while :; do sleep 0.05; done
            """
        );
        Prepare(trainer);
        var file = trainer.State.File(ScriptedTrainer.Key);
        var running = SessionAsync(trainer);
        while (file.Read()!.Status.Workers is not { Ready: 2 })
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        file.Update(r => r! with { Spec = r.Spec with { Suspend = true } });
        var stopped = await running;
        file.Update(r => r! with { Spec = r.Spec with { Suspend = false } });
        var resumed = await SessionAsync(trainer);

        Assert.Equal((75, 0), (stopped.Code, resumed.Code));
        Assert.Contains("the same command goes on", stopped.Output, StringComparison.Ordinal);
        Assert.Equal((2, 0), (file.Read()!.Status.Attempt, file.Read()!.Status.Restarts));
    }

    private static void Prepare(ScriptedTrainer trainer)
    {
        var manifest = ManifestReader.Read(Text, "run.yaml");
        trainer
            .State.File(ScriptedTrainer.Key)
            .Update(r => Cli.State.RunPreparation.Apply(r, manifest, "uid", DateTimeOffset.UnixEpoch));
    }

    private static async Task<(int Code, string Output, TrainingRun Run)> RunAsync(ScriptedTrainer trainer)
    {
        Prepare(trainer);
        var (code, output) = await SessionAsync(trainer);
        return (code, output, trainer.State.File(ScriptedTrainer.Key).Read()!);
    }

    private static async Task<(int Code, string Output)> SessionAsync(ScriptedTrainer trainer)
    {
        var output = new StringWriter();
        using var session = new RunSession(
            trainer.State,
            ScriptedTrainer.Key,
            trainer.Host,
            new PlainReporter(output),
            TimeProvider.System
        );
        return (await session.RunAsync(), output.ToString());
    }
}
