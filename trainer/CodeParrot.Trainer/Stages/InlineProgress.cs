namespace CodeParrot.Trainer.Stages;

/// <summary>
/// Progress told on the thread that makes it: <see cref="Progress{T}"/> would report late, and out of order.
/// </summary>
internal sealed class InlineProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
