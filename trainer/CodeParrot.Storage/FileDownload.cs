using System.Security.Cryptography;
using CodeParrot.Storage.Local;

namespace CodeParrot.Storage;

/// <summary>Reads an object into a file over several ranges at once, twice as fast from S3 as one stream.</summary>
internal static class FileDownload
{
    private const long RangeBytes = 16 * 1024 * 1024;
    private const int ParallelRanges = 4;
    private const int BufferBytes = 128 * 1024;
    private const int MaxTries = 3;

    public static async Task<ObjectInfo> RunAsync(
        IObjectStore store,
        string key,
        string path,
        string? sha256,
        CancellationToken cancellationToken
    )
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        // Several ranks of one machine may fetch the same file at once.
        var partial = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.partial";
        try
        {
            Directory.CreateDirectory(folder);
            for (var tryIndex = 1; ; tryIndex++)
            {
                var isLast = tryIndex == MaxTries;
                if (await TryReadAsync(store, key, partial, cancellationToken) is { } read)
                {
                    var actual = sha256 is null ? null : await DigestAsync(partial, cancellationToken);
                    if (string.Equals(actual, sha256, StringComparison.OrdinalIgnoreCase))
                    {
                        File.Move(partial, path, overwrite: true);
                        return read;
                    }
                    if (isLast)
                        throw new StoreCorruptionException(store.Location, key, $"SHA-256 {sha256}", actual!);
                }
                else if (isLast)
                    throw PreconditionFailedException.ForRead(store.Location, key);
            }
        }
        catch (Exception fault) when (LocalFaults.IsFault(fault))
        {
            // The store tells its faults in its own terms, so this one is the target's.
            throw LocalFaults.Describe(StoreLocation.Parse(folder), Path.GetFileName(path), 0, fault);
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }
    }

    private static async Task<ObjectInfo?> TryReadAsync(
        IObjectStore store,
        string key,
        string partial,
        CancellationToken cancellationToken
    )
    {
        var before = await FindAsync(store, key, cancellationToken);
        try
        {
            await ReadRangesAsync(store, before, partial, cancellationToken);
        }
        catch (PreconditionFailedException)
        {
            return null;
        }
        // Each range shows one version, but not all the same one unless the object stands as it did.
        return (await FindAsync(store, key, cancellationToken)).ETag == before.ETag ? before : null;
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private static async Task<ObjectInfo> FindAsync(IObjectStore store, string key, CancellationToken cancellation) =>
        await store.FindAsync(key, cancellation) ?? throw new ObjectNotFoundException(store.Location, key);

    private static async Task ReadRangesAsync(
        IObjectStore store,
        ObjectInfo source,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var ranges = (int)((source.SizeBytes + RangeBytes - 1) / RangeBytes);
        var limits = new ParallelOptions
        {
            MaxDegreeOfParallelism = ParallelRanges,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(
            0,
            ranges,
            limits,
            async (index, cancellation) =>
            {
                var offset = index * RangeBytes;
                var length = Math.Min(RangeBytes, source.SizeBytes - offset);
                await using var content = await store.OpenReadAsync(source.Key, offset, length, cancellation);
                var buffer = new byte[BufferBytes];
                for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0; offset += read)
                    await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), offset, cancellation);
            }
        );
        RandomAccess.FlushToDisk(file);
    }
}
