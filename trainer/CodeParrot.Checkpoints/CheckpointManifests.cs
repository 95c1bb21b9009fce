using System.Security.Cryptography;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Reads manifests.</summary>
internal static class CheckpointManifests
{
    /// <summary>Reads the manifest of a prefix, or returns null when it has none.</summary>
    /// <exception cref="CheckpointCorruptException">It is not a manifest, or one of another place.</exception>
    /// <exception cref="CheckpointFormatException">A newer version wrote it.</exception>
    public static async Task<CheckpointEntry?> FindAsync(
        IObjectStore store,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var key = $"{prefix}/{CheckpointManifest.FileName}";
        byte[] bytes;
        try
        {
            bytes = await store.ReadBytesAsync(key, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
        var entry = new CheckpointEntry(prefix, Parse(key, bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return prefix.EndsWith("/" + entry.Reference, StringComparison.Ordinal)
            ? entry
            : throw new CheckpointCorruptException(key, $"the manifest of {prefix}", $"that of {entry.Reference}");
    }

    private static CheckpointManifest Parse(string key, byte[] bytes)
    {
        const string expected = "a manifest in JSON";
        try
        {
            CheckpointFormat.Require(key, bytes, CheckpointManifest.NewestFormatVersion);
            return JsonSerializer.Deserialize<CheckpointManifest>(bytes, ContractJson.Indented)
                ?? throw new CheckpointCorruptException(key, expected, "null");
        }
        catch (JsonException e)
        {
            throw new CheckpointCorruptException(key, expected, $"{bytes.Length} bytes that are not: {e.Message}", e);
        }
    }
}
