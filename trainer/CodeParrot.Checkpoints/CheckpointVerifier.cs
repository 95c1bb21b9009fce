using System.Security.Cryptography;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Compares a checkpoint's objects with its manifest.</summary>
public static class CheckpointVerifier
{
    /// <summary>Reads every object and returns if sizes and digests are those of the manifest.</summary>
    /// <exception cref="CheckpointCorruptException">The first object that is missing or differs.</exception>
    public static async Task VerifyAsync(
        IObjectStore store,
        CheckpointEntry entry,
        CancellationToken cancellationToken = default
    )
    {
        // Sizes are cheap and tell most damage, so all of them come before the first digest.
        foreach (var expected in entry.Manifest.Objects)
        {
            var found = await store.FindAsync(entry.KeyOf(expected.Name), cancellationToken);
            CheckSize(entry, expected, found?.SizeBytes);
        }
        foreach (var expected in entry.Manifest.Objects)
        {
            await ReadAsync(store, entry, expected, Stream.Null, cancellationToken);
        }
    }

    /// <summary>Copies one object to a stream, and compares size and digest on the way.</summary>
    /// <exception cref="CheckpointCorruptException">
    /// It is missing or differs; what was copied is not to be used.
    /// </exception>
    public static async Task ReadAsync(
        IObjectStore store,
        CheckpointEntry entry,
        CheckpointObject expected,
        Stream destination,
        CancellationToken cancellationToken = default
    )
    {
        var key = entry.KeyOf(expected.Name);
        try
        {
            await using var content = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[256 * 1024];
            var sizeBytes = 0L;
            for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0; sizeBytes += count)
            {
                hash.AppendData(buffer, 0, count);
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            CheckSize(entry, expected, sizeBytes);
            var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (digest != expected.Sha256)
            {
                throw new CheckpointCorruptException(key, $"SHA-256 {expected.Sha256}", digest);
            }
        }
        catch (ObjectNotFoundException e)
        {
            throw new CheckpointCorruptException(key, $"{expected.SizeBytes} bytes", "nothing", e);
        }
    }

    private static void CheckSize(CheckpointEntry entry, CheckpointObject expected, long? sizeBytes)
    {
        if (sizeBytes != expected.SizeBytes)
        {
            var actual = sizeBytes is null ? "nothing" : $"{sizeBytes} bytes";
            throw new CheckpointCorruptException(entry.KeyOf(expected.Name), $"{expected.SizeBytes} bytes", actual);
        }
    }
}
