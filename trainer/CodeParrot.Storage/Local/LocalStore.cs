using System.Globalization;
using System.Runtime.CompilerServices;
using CodeParrot.Storage.Native;

namespace CodeParrot.Storage.Local;

/// <summary>
/// A store in a directory: each key is a file below the root. A write goes to a temporary file, is flushed, and is
/// renamed into place under a lock that works between processes, so that conditions hold among all writers that use
/// this root.
/// </summary>
internal sealed class LocalStore : IObjectStore
{
    private const int CopyBufferBytes = 1024 * 1024;
    private const int MaxMoves = 100;

    private readonly LocalPaths _paths;
    private readonly WriteLocks _locks;
    private readonly TemporaryFiles _temporaries;
    private readonly TimeProvider _time;

    public LocalStore(StoreLocation location, TimeSpan lockTimeout, TimeProvider time)
    {
        Location = location;
        _paths = new LocalPaths(location);
        _locks = new WriteLocks(_paths, lockTimeout, time);
        _temporaries = new TemporaryFiles(_paths, time);
        _time = time;
    }

    public StoreLocation Location { get; }

    public bool HasConditionalWrites => true;

    public Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        StoreKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(LocalFaults.Guard(Location, key, 0, () => Find(key)));
    }

    public Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    )
    {
        StoreKey.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        var file = LocalFaults.Guard(Location, key, 0, () => OpenFile(key));
        file.Position = offset;
        return Task.FromResult<Stream>(new LocalReadStream(file, length ?? long.MaxValue, Location, key));
    }

    public async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        StoreKey.Validate(key);
        ArgumentNullException.ThrowIfNull(content);
        var sizeBytes = content.Length - content.Position;
        try
        {
            using var temporary = _temporaries.Create();
            await content.CopyToAsync(temporary.File, CopyBufferBytes, cancellationToken);
            temporary.FlushAndClose();
            using var held = await _locks.EnterAsync(key, cancellationToken);
            return Publish(key, temporary, condition, held);
        }
        catch (Exception fault) when (LocalFaults.IsFault(fault))
        {
            throw LocalFaults.Describe(Location, key, sizeBytes, fault);
        }
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        StoreKey.ValidatePrefix(prefix);
        // A directory that vanishes while it is walked held objects that were deleted meanwhile: they need no mention.
        foreach (var key in _paths.KeysBelow(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LocalFaults.Guard(Location, key, 0, () => Find(key)) is { } found)
                yield return found;
        }
        await Task.CompletedTask;
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            StoreKey.Validate(key);
        foreach (var key in keys)
        {
            try
            {
                if (await FindAsync(key, cancellationToken) is null)
                    continue;
                using var held = await _locks.EnterAsync(key, cancellationToken);
                Remove(key);
            }
            catch (Exception fault) when (LocalFaults.IsFault(fault))
            {
                throw LocalFaults.Describe(Location, key, 0, fault);
            }
        }
    }

    public void Dispose() => _locks.Dispose();

    private ObjectInfo? Find(string key)
    {
        var file = new FileInfo(_paths.FileOf(key));
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        if (file is not { Exists: true })
            return null;
        var modified = file.LastWriteTimeUtc;
        var etag = string.Create(CultureInfo.InvariantCulture, $"{modified.Ticks:x}-{file.Length:x}");
        return new ObjectInfo(key, file.Length, etag, new DateTimeOffset(modified));
    }

    private FileStream OpenFile(string key)
    {
        if (Find(key) is null)
            throw new ObjectNotFoundException(Location, key);
        var options = new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 64 * 1024,
        };
        try
        {
            return new FileStream(_paths.FileOf(key), options);
        }
        catch (IOException fault) when (IsGone(fault))
        {
            // Deleted since it was found.
            throw new ObjectNotFoundException(Location, key, fault);
        }
    }

    private static bool IsGone(IOException fault) => fault is FileNotFoundException or DirectoryNotFoundException;

    private ObjectInfo Publish(string key, TemporaryFile temporary, WriteCondition condition, WriteLock held)
    {
        var current = Find(key);
        if (!condition.HoldsFor(current))
            throw PreconditionFailedException.ForWrite(Location, key, condition);
        // Tags are times of modification, so no two writes of a key may share one, even after a delete or a clock set
        // back.
        var now = _time.GetUtcNow().UtcTicks;
        held.LastTicks = Math.Max(now, Math.Max(held.LastTicks, current?.ModifiedAt.UtcTicks ?? 0) + 1);
        temporary.SetModified(new DateTime(held.LastTicks, DateTimeKind.Utc));
        var target = _paths.FileOf(key);
        for (var tryIndex = 1; ; tryIndex++)
        {
            try
            {
                _paths.CreateFolderOf(key);
                temporary.MoveTo(target, overwrite: !condition.IsIfAbsent);
                break;
            }
            catch (IOException fault) when (IsGone(fault) && tryIndex < MaxMoves)
            {
                // Someone deleted the folder's last object, and the folder, in between. Where a third writer has made
                // it again by the time .NET looks which of the two was missing, .NET blames the file.
            }
            catch (IOException fault) when (condition.IsIfAbsent && File.Exists(target))
            {
                throw PreconditionFailedException.ForWrite(Location, key, condition, fault);
            }
        }
        DirectorySync.Flush(Path.GetDirectoryName(target)!);
        return Find(key) ?? throw new ObjectNotFoundException(Location, key);
    }

    private void Remove(string key)
    {
        var target = _paths.FileOf(key);
        try
        {
            File.Delete(target);
            DirectorySync.Flush(Path.GetDirectoryName(target)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process deleted the whole folder: what was asked for is so.
        }
        _paths.RemoveEmptyFoldersOf(key);
    }
}
