using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Launch;
using CodeParrot.Training;
using CodeParrot.Training.Devices;

namespace CodeParrot.Trainer.Stages;

/// <summary>Token shards → checkpoints: joins the other ranks and hands over to the engine.</summary>
internal static class TrainStage
{
    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var lineage = await FindLineageAsync(context, cancellationToken);
        var environment = context.Environment;
        var observer = new TrainObserver(context);
        var device = ChooseDevice(context);
        observer.Show("Joining", now: true);
        FastProducts.Prepare(environment, context.Log.Say);
        await using var meeting = await Meeting.OfAsync(context, cancellationToken);
        var first = await meeting.JoinAsync(stepInMemory: -1, cancellationToken);
        using var group = first.Group;
        var training = new TrainingContext
        {
            Manifest = context.Manifest,
            RunUid = context.RunUid,
            Attempt = await AttemptAsync(context, cancellationToken),
            Branch = environment.Branch,
            StartFrom = environment.StartFrom,
            SkipSteps = environment.SkipSteps,
            AdoptStore = context.Manifest.Metadata.Annotations.ContainsKey(RunMetadata.AdoptStoreAnnotation),
            Store = context.Store,
            OpenStore = uri => context.Access.OpenInput(context.Spec.Store, uri),
            Generation = environment.PodGeneration,
            Group = group,
            Round = first.Number,
            Ranks = first.Ranks,
            StateSource = first.StateSource,
            RegroupWanted = first.HasGuests,
            Rejoin = meeting.MeetsAgain ? meeting.JoinAsync : null,
            RanksPerPod = environment.LocalWorldSize,
            WorkFolder = environment.WorkFolder,
            Lineage = lineage,
            NewEncoder = await EncoderAsync(context, lineage, cancellationToken),
            Threads = Threads(context),
            CudaDevice = device,
            NcclLog = Environment.GetEnvironmentVariable(RankProcess.NcclLogVariable),
            Time = context.Time,
            Observer = observer,
            StopRequested = () => context.StopRequested.IsCancellationRequested,
            Request = context.Request,
        };

        // A step is synchronous and its tensors' scopes belong to one thread.
        var result = await Task.Factory.StartNew(
            () => TrainingEngine.Run(training, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        observer.Show(result.Outcome == TrainingOutcome.Finished ? "Done" : "Stopped", now: true);
        return Describe(context, result, observer);
    }

    // Without an operator to count them each start is an attempt: it writes beside what the last one left damaged.
    private static async Task<int> AttemptAsync(StageContext context, CancellationToken cancellationToken)
    {
        var key = context.Run.Location.OwnerKey;
        if (context.Environment.HasOperator || await context.Store.FindAsync(key, cancellationToken) is null)
        {
            return context.Environment.Attempt;
        }

        var owner = await context.Store.ReadJsonAsync<RunOwner>(key, ContractJson.Compact, cancellationToken);
        return owner.Attempt + 1;
    }

    /// <summary>Threads of one rank: the manifest's, the environment's, or its share of the machine.</summary>
    public static int Threads(StageContext context)
    {
        if (context.Spec.Workers.Threads is { } threads)
        {
            return threads;
        }

        return int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var given) && given > 0
            ? given
            : Math.Max(1, Environment.ProcessorCount / context.Environment.LocalWorldSize);
    }

    /// <summary>GPU of the rank, or null for the CPU; says what a person may have meant otherwise.</summary>
    public static int? ChooseDevice(StageContext context)
    {
        var environment = context.Environment;
        var choice = DeviceChoice.Of(
            new DeviceFacts
            {
                IsCudaBuild = TorchBuild.IsCuda,
                VisibleDevices = environment.Device == "cpu" ? 0 : TorchBuild.VisibleDevices,
                Rank = environment.Rank,
                LocalWorldSize = environment.LocalWorldSize,
                RequestsGpus = context.Spec.Workers.Resources?.Limits.ContainsKey("nvidia.com/gpu") is true,
                Override = environment.Device,
            }
        );
        if (choice.Warning is { } warning && environment.Rank == 0)
        {
            context.Log.Warn(warning);
        }

        return choice.CudaDevice;
    }

    private static async Task<RunLineage> FindLineageAsync(StageContext context, CancellationToken cancellationToken)
    {
        var lineage = await context.ReadLineageAsync(cancellationToken);
        if (lineage.Tokens.Length > 0)
        {
            return lineage;
        }

        if (context.Environment.HasOperator || context.Environment.WorldSize > 1)
        {
            throw new ManifestException(
                context.LineageKey,
                [new SpecMistake("", "names no token shards; run the stages corpus and tokenizer first")]
            );
        }

        // Someone typed `trainer train` alone: what it needs is made first, by the same code as the stages.
        context.Log.Say("no token shards yet: building corpus and tokenizer first");
        await CorpusStage.RunAsync(context, cancellationToken);
        await TokenizerStage.RunAsync(context, cancellationToken);
        return await context.ReadLineageAsync(cancellationToken);
    }

    // Documents that are encoded while they are trained on need the run's tokenizer on every rank.
    private static async Task<Func<IDocumentEncoder>?> EncoderAsync(
        StageContext context,
        RunLineage lineage,
        CancellationToken cancellationToken
    )
    {
        if (context.Spec.Training.Data.Order != DataOrder.Streamed || lineage.Tokenizer.Length == 0)
        {
            return null;
        }

        // Ranks of one pod share the work folder.
        var folder = Path.Combine(context.Environment.WorkFolder, $"tokenizer-rank{context.Environment.Rank}");
        await StoreFolder.DownloadAsync(context.Store, lineage.Tokenizer, folder, cancellationToken);
        return () => new TokenizerEncoder(BpeTokenizer.Load(folder));
    }

    private static StageResult Describe(StageContext context, TrainingResult result, TrainObserver observer)
    {
        var outputs = new Dictionary<string, string> { ["step"] = $"{result.Step}" };
        if (result.Checkpoint is { } checkpoint)
        {
            var run = context.Run;
            outputs["checkpoint"] = checkpoint;
            outputs["modelFolder"] = run.PlaceOf(run.Location.CheckpointPrefix(checkpoint));
            outputs["metrics"] = run.PlaceOf(context.RunPrefix + "/metrics.jsonl");
        }

        Add(outputs, "trainLoss", result.Loss);
        Add(outputs, "evalLoss", result.EvalLoss);
        Add(outputs, "perplexity", result.Perplexity);
        if (observer.AttemptSummary is { } summary)
        {
            foreach (var (name, text) in SummaryTable.Outputs(summary))
            {
                outputs[name] = text;
            }
        }

        var finished = result.Outcome == TrainingOutcome.Finished;
        var message = finished
            ? $"finished {result.Step} steps"
            : $"stopped on request after step {result.Step}, with a checkpoint";
        return new StageResult(finished ? ExitCode.Done : ExitCode.Stopped, message, outputs)
        {
            Step = result.Step,
            Checkpoint = result.Checkpoint ?? "",
            Checkpoints = observer.Checkpoints,
        };
    }

    private static void Add(Dictionary<string, string> outputs, string name, object? value)
    {
        if (value is not null)
        {
            outputs[name] = value is double number ? number.ToString("F4") : value.ToString()!;
        }
    }
}
