using System.Text.Json;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Model.Safetensors;
using CodeParrot.Storage;

namespace CodeParrot.Training.Checkpointing;

/// <summary>
/// A checkpoint brought to a local folder, every byte compared with its manifest. Disposing deletes the folder.
/// </summary>
internal sealed class CheckpointState : IDisposable
{
    private readonly string _folder;

    private CheckpointState(string folder, CheckpointEntry entry)
    {
        _folder = folder;
        Entry = entry;
        var state = ReadBytes(TrainingState.FileName);
        CheckpointFormat.Require(entry.KeyOf(TrainingState.FileName), state, TrainingState.NewestFormatVersion);
        State =
            JsonSerializer.Deserialize<TrainingState>(state, ContractJson.Indented)
            ?? throw new CheckpointCorruptException(entry.KeyOf(TrainingState.FileName), "a state in JSON", "null");
    }

    /// <summary>Gets the checkpoint.</summary>
    public CheckpointEntry Entry { get; }

    /// <summary>Gets its state.json.</summary>
    public TrainingState State { get; }

    /// <summary>Fetches what a resume needs.</summary>
    /// <exception cref="CheckpointCorruptException">An object is missing or damaged.</exception>
    /// <exception cref="CheckpointFormatException">A newer version wrote it.</exception>
    public static async Task<CheckpointState> FetchAsync(
        IObjectStore store,
        CheckpointEntry entry,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        string[] names =
        [
            TrainingState.FileName,
            HuggingFaceFolder.ConfigFile,
            HuggingFaceFolder.WeightsFile,
            StateSnapshot.OptimizerFile,
        ];
        foreach (var name in names)
        {
            var expected =
                entry.Manifest.Objects.FirstOrDefault(o => o.Name == name)
                ?? throw new CheckpointCorruptException(entry.ManifestKey, $"an object {name}", "none");
            await using var file = File.Create(Path.Combine(folder, name));
            await CheckpointVerifier.ReadAsync(store, entry, expected, file, cancellationToken);
        }
        return new CheckpointState(folder, entry);
    }

    /// <summary>Reads the model's sizes.</summary>
    public Gpt2Config ReadConfig() =>
        HuggingFaceConfig.ReadConfig(
            ReadBytes(HuggingFaceFolder.ConfigFile),
            Entry.KeyOf(HuggingFaceFolder.ConfigFile)
        );

    /// <summary>Fills a model's weights.</summary>
    public void LoadInto(Gpt2 model)
    {
        using var weights = SafetensorsFile.Open(Path.Combine(_folder, HuggingFaceFolder.WeightsFile));
        HuggingFaceFolder.LoadWeights(model, weights);
    }

    /// <summary>Fills an optimiser's moments, all or its slices of them, and its step count.</summary>
    public void LoadInto(AdamW optimiser)
    {
        using var moments = SafetensorsFile.Open(Path.Combine(_folder, StateSnapshot.OptimizerFile));
        var done = 0L;
        foreach (var slice in optimiser.Slices)
        {
            using var first = optimiser.FirstMoment.narrow(0, done, slice.Count);
            using var second = optimiser.SecondMoment.narrow(0, done, slice.Count);
            moments.ReadSlice(StateSnapshot.FirstMoment, slice.Offset, first);
            moments.ReadSlice(StateSnapshot.SecondMoment, slice.Offset, second);
            done += slice.Count;
        }
        optimiser.StepCount = State.OptimizerSteps ?? State.Step;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private byte[] ReadBytes(string name) => File.ReadAllBytes(Path.Combine(_folder, name));
}
