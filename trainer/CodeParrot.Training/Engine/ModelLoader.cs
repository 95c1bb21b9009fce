using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Storage;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Makes the model and optimiser of an attempt: fresh, from a folder, from a checkpoint, or for a state that another
/// rank holds.
/// </summary>
internal sealed class ModelLoader(TrainingContext context, TokenManifest tokens, CancellationToken cancellationToken)
{
    /// <summary>
    /// Loads model and optimiser, divided between the ranks, which the caller disposes, and the state of the
    /// checkpoint; null where there is none. For a state that another rank holds, both are without values yet.
    /// </summary>
    /// <exception cref="ManifestException">The spec does not fit the checkpoint, the folder or the corpus.</exception>
    public (Gpt2 Model, AdamW Optimiser, TrainingState? State) Load(RunStart start)
    {
        var loaded =
            start.Held is { } held ? (OfConfig(held.Config), State: null)
            : start.Checkpoint is { } checkpoint ? LoadCheckpoint(checkpoint, start.Precision)
            : (OfStart(), State: null);
        var ((model, optimiser), state) = loaded;
        if (context.HeadChunkRows is { } rows)
        {
            model.HeadChunkRows = rows;
        }
        return (model, optimiser, state);
    }

    /// <summary>Reads the tokenizer's files for the checkpoints; empty when there is no tokenizer.</summary>
    public IReadOnlyList<CheckpointSource> LoadTokenizer()
    {
        var ofRun =
            context.Lineage.Tokenizer.Length == 0
                ? []
                : Blocking.Run(() =>
                    TokenizerFiles.ReadAsync(context.Store, context.Lineage.Tokenizer, cancellationToken)
                );
        if (context.Manifest.Spec.Model.From is not { } uri)
        {
            return ofRun;
        }
        using var store = context.OpenStore(uri);
        var ofModel = Blocking.Run(() => TokenizerFiles.ReadAsync(store, "", cancellationToken));
        TokenizerFiles.RequireSameVocabulary(ofModel, ofRun, uri);
        return ofRun.Count > 0 ? ofRun : ofModel;
    }

    private (Gpt2 Model, AdamW Optimiser) OfStart()
    {
        var spec = context.Manifest.Spec;
        var model = spec.Model.From is null
            ? StartingModel.Fresh(spec, tokens, context.Device)
            : LoadFolder(spec.Model.From);
        return (model, OptimiserOf(model));
    }

    private (Gpt2 Model, AdamW Optimiser) OfConfig(byte[] config)
    {
        var read = HuggingFaceConfig.ReadConfig(config, $"rank {context.StateSource}'s config.json");
        var model = new Gpt2(read with { Dropout = context.Manifest.Spec.Model.Dropout }, context.Device);
        return (model, OptimiserOf(model));
    }

    private ((Gpt2 Model, AdamW Optimiser) Made, TrainingState? State) LoadCheckpoint(
        CheckpointEntry checkpoint,
        Contract.Spec.Precision precision
    )
    {
        var spec = context.Manifest.Spec;
        var folder = ScratchFolder("resume");
        using var state = Blocking.Run(() =>
            CheckpointState.FetchAsync(context.Store, checkpoint, folder, cancellationToken)
        );
        IdentityFields.Check(spec, checkpoint.Reference, checkpoint.Manifest.IdentityDigest, state.State);
        WarnOfOtherBits(checkpoint.Reference, state.State, precision);
        var model = new Gpt2(state.ReadConfig() with { Dropout = spec.Model.Dropout }, context.Device);
        var optimiser = OptimiserOf(model);
        state.LoadInto(model);
        state.LoadInto(optimiser);
        return ((model, optimiser), state.State);
    }

    private AdamW OptimiserOf(Gpt2 model)
    {
        var training = context.Manifest.Spec.Training;
        var options = new AdamWOptions { WeightDecay = training.WeightDecay };
        return new AdamW(model, options, new Sharding(training, model, context.Group).UpdatedSlices);
    }

    private Gpt2 LoadFolder(string uri)
    {
        using var store = context.OpenStore(uri);
        var folder = ScratchFolder("model-from");
        try
        {
            foreach (var name in new[] { "config.json", "model.safetensors" })
            {
                Blocking.Run(() => store.DownloadFileAsync(name, Path.Combine(folder, name), cancellationToken));
            }
            return StartingModel.FromFolder(folder, context.Manifest.Spec, tokens, context.Device);
        }
        catch (ObjectNotFoundException e)
        {
            throw new ManifestException(
                uri,
                [new SpecMistake("spec.model.from", $"must hold config.json and model.safetensors: {e.Message}")]
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void WarnOfOtherBits(string checkpoint, TrainingState state, Contract.Spec.Precision precision)
    {
        var changes = new List<string>();
        Note("ranks", state.WorldSize, context.Group.WorldSize);
        Note("threads", state.Threads, context.Threads);
        Note("precision", state.Precision, precision);
        if (changes.Count > 0 && context.Group.Rank == 0)
        {
            context.Observer.Warning(
                $"the resume from {checkpoint} is not bit-identical: {string.Join(", ", changes)}; losses differ in "
                    + "their last digits"
            );
        }

        void Note<T>(string what, T before, T now)
        {
            if (!EqualityComparer<T>.Default.Equals(before, now))
            {
                changes.Add($"{what} {before} before, {now} now");
            }
        }
    }

    // Ranks of one pod share the work folder.
    private string ScratchFolder(string name)
    {
        var folder = Path.Combine(context.WorkFolder, $"{name}-rank{context.Group.Rank}");
        Directory.CreateDirectory(folder);
        return folder;
    }
}
