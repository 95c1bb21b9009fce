using System.Runtime.ExceptionServices;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>
/// Runs asynchronous code on one thread, in virtual time: the clock moves when there is nothing else to do.
/// </summary>
internal sealed class VirtualThread(VirtualTime time) : SynchronizationContext
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    private readonly Queue<(SendOrPostCallback Call, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("a continuation left the virtual thread");
        }

        _ready.Enqueue((d, state));
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs until the task is done.</summary>
    public static void Run(VirtualTime time, Func<VirtualTime, Task> body) => Run(time, () => body(time));

    /// <summary>Runs until the task is done.</summary>
    public static void Run(VirtualTime time, Func<Task> body)
    {
        var before = Current;
        var thread = new VirtualThread(time);
        SetSynchronizationContext(thread);
        try
        {
            thread.Pump(body());
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void Pump(Task task)
    {
        while (!task.IsCompleted)
        {
            if (_ready.TryDequeue(out var next))
            {
                next.Call(next.State);
            }
            else if (!time.FireNext() || time.Elapsed > Limit)
            {
                throw new InvalidOperationException($"nothing ends the test at {time.Elapsed}");
            }
        }

        if (task.Exception?.InnerException is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
