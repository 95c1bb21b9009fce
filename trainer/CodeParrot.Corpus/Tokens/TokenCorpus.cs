using System.Text.Json;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tokens;

/// <summary>
/// A token corpus in a local folder, mapped into memory: opening is instant and reading any sequence is O(1). Digests
/// are verified by <see cref="TokenCorpusCache"/>, which brings the folder here.
/// </summary>
public sealed class TokenCorpus : IDisposable
{
    private readonly List<TokenShard> _shards;

    private TokenCorpus(TokenManifest manifest, List<TokenShard> shards)
    {
        Manifest = manifest;
        _shards = shards;
        var trainShards = shards.Take(manifest.Train.Count).ToList();
        Train = new TokenSplit("train", manifest.Kind, manifest.Train, trainShards);
        var validationShards = shards.Skip(manifest.Train.Count).ToList();
        Validation = new TokenSplit("validation", manifest.Kind, manifest.Validation, validationShards);
    }

    /// <summary>Gets what tokens.json says.</summary>
    public TokenManifest Manifest { get; }

    /// <summary>Gets the split to train on.</summary>
    public TokenSplit Train { get; }

    /// <summary>Gets the held-out split; empty when nothing was held out.</summary>
    public TokenSplit Validation { get; }

    /// <summary>Opens a folder; the caller disposes it, after the last read.</summary>
    /// <exception cref="ObjectNotFoundException">tokens.json or a shard is not there.</exception>
    /// <exception cref="StoreCorruptionException">A shard is not the one that tokens.json lists.</exception>
    public static TokenCorpus Open(string localFolder)
    {
        var manifest = ReadManifest(localFolder);
        var shards = new List<TokenShard>();
        try
        {
            foreach (var info in manifest.Train.Concat(manifest.Validation))
                shards.Add(TokenShard.Open(localFolder, info, manifest));
        }
        catch
        {
            shards.ForEach(shard => shard.Dispose());
            throw;
        }
        return new TokenCorpus(manifest, shards);
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.ForEach(shard => shard.Dispose());

    private static TokenManifest ReadManifest(string folder)
    {
        var location = StoreLocation.Parse(folder);
        var path = Path.Combine(folder, TokenManifest.FileName);
        if (!File.Exists(path))
            throw new ObjectNotFoundException(location, TokenManifest.FileName);
        const string Expected = "JSON of a token corpus, format 1";
        try
        {
            var manifest = JsonSerializer.Deserialize<TokenManifest>(File.ReadAllBytes(path), CorpusJson.Manifest);
            return manifest?.Format == TokenManifest.CurrentFormat
                ? manifest
                : throw new StoreCorruptionException(
                    location,
                    TokenManifest.FileName,
                    Expected,
                    $"format {manifest?.Format}"
                );
        }
        catch (JsonException fault)
        {
            throw new StoreCorruptionException(location, TokenManifest.FileName, Expected, fault.Message, fault);
        }
    }
}
