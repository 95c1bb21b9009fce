using CodeParrot.Storage;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A real store whose writes of some keys wait until they are let through.</summary>
internal sealed class GatedStore(IObjectStore store, string suffix) : PassingStore(store)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Waiting { get; private set; }

    public void Open() => _open.TrySetResult();

    public override async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        if (key.EndsWith(suffix, StringComparison.Ordinal))
        {
            Waiting++;
            await _open.Task.WaitAsync(cancellationToken);
        }
        return await base.WriteAsync(key, content, condition, cancellationToken);
    }
}
