using System.Text.Json;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Storage;

namespace CodeParrot.Training.Checkpointing;

/// <summary>
/// The files of a tokenizer, which go into every checkpoint so that it is a whole Hugging Face model.
/// </summary>
internal static class TokenizerFiles
{
    private const string VocabularyFile = "vocab.json";

    private static readonly string[] Names =
    [
        "tokenizer.json",
        VocabularyFile,
        "merges.txt",
        "tokenizer_config.json",
        "special_tokens_map.json",
    ];

    /// <summary>Reads the files that lie below a prefix; empty when there are none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The tokenizer's prefix without a slash at its end, or empty for the store's root.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<IReadOnlyList<CheckpointSource>> ReadAsync(
        IObjectStore store,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var files = new List<CheckpointSource>();
        foreach (var name in Names)
        {
            if (await TryReadAsync(store, KeyOf(prefix, name), cancellationToken) is { } content)
            {
                files.Add(CheckpointSource.OfBytes(name, content));
            }
        }
        return files;
    }

    /// <summary>Checks that a model to start from and the run's tokenizer have the same tokens.</summary>
    /// <exception cref="ManifestException">They do not.</exception>
    public static void RequireSameVocabulary(
        IReadOnlyList<CheckpointSource> ofModel,
        IReadOnlyList<CheckpointSource> ofRun,
        string modelUri
    )
    {
        var (model, run) = (Vocabulary(ofModel), Vocabulary(ofRun));
        if (model is null || run is null)
        {
            return;
        }
        var differing = run.FirstOrDefault(token => model.GetValueOrDefault(token.Key, -1) != token.Value);
        if (differing.Key is not null || model.Count != run.Count)
        {
            throw new ManifestException(
                modelUri,
                [
                    new SpecMistake(
                        "spec.tokenizer",
                        $"must have the vocabulary of spec.model.from ({model.Count} tokens), has {run.Count} tokens"
                            + (differing.Key is null ? "" : $" and differs at '{differing.Key}'")
                            + $"; set spec.tokenizer.from to {modelUri}"
                    ),
                ]
            );
        }
    }

    private static Dictionary<string, long>? Vocabulary(IReadOnlyList<CheckpointSource> files)
    {
        if (files.FirstOrDefault(f => f.Name == VocabularyFile) is not { } file)
        {
            return null;
        }
        using var content = file.Open();
        return JsonSerializer.Deserialize<Dictionary<string, long>>(content);
    }

    private static string KeyOf(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}/{name}";

    private static async Task<byte[]?> TryReadAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadBytesAsync(key, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
