using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Checkpointing;

/// <summary>The fields behind a run's identity digest, one by one.</summary>
internal static class IdentityFields
{
    /// <summary>Returns the fields of a resolved spec by path, as in <c>spec.model.width</c>.</summary>
    public static SortedDictionary<string, string> Of(RunSpec spec)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("spec.corpus", spec.Corpus with { Workers = 1 });
        Add("spec.tokenizer", spec.Tokenizer);
        Add("spec.model", spec.Model);
        Add("spec.training.batchSize", spec.Training.BatchSize);
        Add("spec.training.gradientAccumulation", spec.Training.GradientAccumulation);
        Add("spec.training.objective", spec.Training.Objective);
        Add("spec.training.data", spec.Training.Data);
        Add("spec.training.seed", spec.Training.Seed);
        Add("spec.workers.count", spec.Workers.Count);
        return fields;

        void Add<T>(string path, T value) =>
            Flatten(path, JsonSerializer.SerializeToNode(value, ContractJson.Compact), fields);
    }

    /// <summary>Checks that a checkpoint may be gone on from under a spec.</summary>
    /// <exception cref="ManifestException">
    /// It may not; names every field that differs, as far as it is known.
    /// </exception>
    public static void Check(RunSpec spec, string checkpoint, string digest, TrainingState state)
    {
        if (digest == RunSnapshot.IdentityDigest(spec))
        {
            return;
        }
        var now = Of(spec);
        var mistakes = now
            .Keys.Union(state.Identity.Keys, StringComparer.Ordinal)
            .Where(path => now.GetValueOrDefault(path) != state.Identity.GetValueOrDefault(path))
            .Select(path => new SpecMistake(
                path,
                $"is {now.GetValueOrDefault(path, "unset")}, but checkpoint {checkpoint} was trained with "
                    + $"{state.Identity.GetValueOrDefault(path, "unset")}; set it back, or give the run another name"
            ))
            .ToList();
        if (mistakes.Count == 0)
        {
            mistakes.Add(
                new SpecMistake(
                    "spec",
                    $"differs from what checkpoint {checkpoint} was trained with; set it back, "
                        + "or give the run another name"
                )
            );
        }
        throw new ManifestException(checkpoint, mistakes);
    }

    private static void Flatten(string path, JsonNode? node, SortedDictionary<string, string> fields)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                Flatten($"{path}.{name}", value, fields);
            }
        }
        else if (node is not null)
        {
            fields[path] = node.ToJsonString(ContractJson.Compact);
        }
    }
}
