using System.Text.Json;

namespace CodeParrot.Checkpoints;

/// <summary>Asks for a file's format version before anything else is read of it.</summary>
public static class CheckpointFormat
{
    private const string Property = "formatVersion";

    /// <summary>Returns if this build reads the file's format; a file without a version has the first one.</summary>
    /// <param name="key">Key that messages name.</param>
    /// <param name="json">The whole file.</param>
    /// <param name="newestReadable">The newest version that this build reads.</param>
    /// <exception cref="CheckpointFormatException">A newer version wrote it.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void Require(string key, ReadOnlyMemory<byte> json, int newestReadable)
    {
        using var document = JsonDocument.Parse(json);
        if (
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(Property, out var found)
            && found.ValueKind == JsonValueKind.Number
            && found.TryGetInt64(out var version)
            && version > newestReadable
        )
        {
            throw new CheckpointFormatException(key, version, newestReadable);
        }
    }
}
