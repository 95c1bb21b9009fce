using CodeParrot.Storage;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A real store that refuses to read what lies in checkpoints, but for their manifests.</summary>
internal sealed class UnreadStore(IObjectStore store) : PassingStore(store)
{
    public override Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    ) =>
        key.Contains("/branches/", StringComparison.Ordinal)
        && !key.EndsWith("/manifest.json", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{key} was read")
            : base.OpenReadAsync(key, offset, length, cancellationToken);
}
