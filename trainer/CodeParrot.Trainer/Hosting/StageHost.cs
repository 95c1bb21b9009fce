using System.Runtime.InteropServices;
using System.Text.Json;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Runs a stage as a process: environment, manifest, store, signals, exit code, termination message.</summary>
internal sealed class StageHost(string stage, string specFile, IReadOnlyList<string> assignments)
{
    public async Task<int> RunAsync(Func<StageContext, CancellationToken, Task<StageResult>> body)
    {
        PodEnvironment environment;
        try
        {
            environment = PodEnvironment.Read(Environment.GetEnvironmentVariable);
        }
        catch (ManifestException e)
        {
            await Console.Error.WriteLineAsync("error: " + e.Message);
            return (int)ExitCode.UserMistake;
        }

        using var log = TrainerLog.Create(environment);
        using var stop = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, stop, abort));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, stop, abort));
        // Without the pod's first process nobody collects this one: what is committed stays, the rest is redone.
        var parent = new ParentLine();
        parent.Listen(Environment.GetEnvironmentVariable, () => Environment.Exit((int)ExitCode.PeerLost));

        var files = new RankFiles(environment.WorkFolder, environment.Rank);
        var progress = new ProgressReporter(files, environment.Rank, TimeProvider.System);
        StageResult result;
        try
        {
            Directory.CreateDirectory(environment.WorkFolder);
            var manifest = SpecResolver.Resolve(ManifestReader.ReadFile(specFile, assignments));
            var access = new StoreAccess(environment, TimeProvider.System);
            using var store = access.OpenArtifacts(manifest.Spec.Store);
            var context = new StageContext
            {
                Stage = stage,
                Environment = environment,
                Manifest = manifest,
                Access = access,
                Store = store,
                Progress = progress,
                Log = log,
                Time = TimeProvider.System,
                StopRequested = stop.Token,
                Request = () => parent.Request,
            };
            result = await body(context, abort.Token);
        }
        catch (Exception e)
        {
            var failure =
                e is OperationCanceledException && stop.IsCancellationRequested
                    ? new StageFailure(ExitCode.Stopped, "stopped on request; what was finished is kept")
                    : StageFailure.Of(e);
            log.Failed(failure, e);
            result = new StageResult(failure.Code, failure.Message, new Dictionary<string, string>())
            {
                Class = failure.Class,
                Checkpoint = failure.Checkpoint,
                SkipSteps = failure.SkipSteps,
            };
        }

        Say(environment, progress.Current, result);
        return (int)result.Code;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop, CancellationTokenSource abort)
    {
        context.Cancel = true;
        var source = stop.IsCancellationRequested ? abort : stop;
        source.Cancel();
    }

    private static void Say(PodEnvironment environment, RunProgress progress, StageResult result)
    {
        var message = new TerminationMessage
        {
            Rank = environment.Rank,
            Attempt = environment.Attempt,
            Step = Math.Max(result.Step, progress.Step),
            ExitCode = (int)result.Code,
            Class = result.Class,
            Message = result.Message,
            Checkpoint = result.Checkpoint,
            SkipSteps = result.SkipSteps,
            // Some of those that it committed may be deleted by now.
            Checkpoints =
            [
                .. result.Checkpoints.Where(c => progress.Stored?.Contains($"{c.Branch}/{c.Name}") is not false),
            ],
            Stored = progress.Stored,
            ServedRequest = progress.ServedRequest,
            Outputs = result.Outputs,
        };
        if (environment.TerminationLog is { } path)
        {
            TerminationLog.Write(path, message);
        }

        if (!environment.HasOperator && result.Code == ExitCode.Done)
        {
            Console.WriteLine(JsonSerializer.Serialize(result.Outputs, ContractJson.Indented));
        }
    }
}
