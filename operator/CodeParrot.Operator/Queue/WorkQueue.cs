namespace CodeParrot.Operator.Queue;

/// <summary>
/// Keys to be worked on. A key is handed out to one worker at a time and waits in the queue at most once, however often
/// it is added; one that is added while it is worked on comes again afterwards.
/// </summary>
/// <typeparam name="TKey">What is worked on.</typeparam>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly Queue<TKey> _ready = new();
    private readonly HashSet<TKey> _waiting = [];
    private readonly HashSet<TKey> _working = [];
    private readonly HashSet<TKey> _again = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly Dictionary<TKey, long> _due = [];
    private readonly PriorityQueue<TKey, long> _later = new();
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly Queue<TaskCompletionSource> _idle = new();

    /// <summary>An empty queue.</summary>
    public WorkQueue(Backoff backoff, TimeProvider time)
    {
        _backoff = backoff;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => MoveDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Adds a key; it need not wait for its time any more, if it had one.</summary>
    public void Add(TKey key)
    {
        lock (_lock)
        {
            AddLocked(key);
        }
    }

    /// <summary>Adds a key when a time has passed, unless it is due earlier already.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key);
                return;
            }

            var due = Now() + delay.Ticks;
            if (_due.TryGetValue(key, out var known) && known <= due)
            {
                return;
            }

            _due[key] = due;
            _later.Enqueue(key, due);
            SetTimer();
        }
    }

    /// <summary>Adds a key after a failure: each one in a row doubles the wait.</summary>
    /// <param name="key">The key.</param>
    /// <param name="atLeast">What a server asked for.</param>
    public void Retry(TKey key, TimeSpan atLeast)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key) + 1;
            _failures[key] = failures;
            wait = _backoff.After(failures);
        }

        AddAfter(key, wait > atLeast ? wait : atLeast);
    }

    /// <summary>A key went well: its next failure is its first.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>The next key; <see cref="Done"/> must follow.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; no key was taken.</exception>
    public async Task<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Resumed on the worker's own scheduler, and never inside the caller that adds.
            var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (_ready.TryDequeue(out var key))
                {
                    _waiting.Remove(key);
                    _working.Add(key);
                    return key;
                }

                _idle.Enqueue(added);
            }

            // Task.WaitAsync would do, but it leaves a scheduler of one thread for the pool.
            await using var giveUp = cancellationToken.Register(() => added.TrySetCanceled(cancellationToken));
            await added.Task;
        }
    }

    /// <summary>A worker is done with a key, well or not.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            _working.Remove(key);
            if (_again.Remove(key))
            {
                AddLocked(key);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void AddLocked(TKey key)
    {
        _due.Remove(key);
        if (_working.Contains(key))
        {
            _again.Add(key);
            return;
        }

        if (!_waiting.Add(key))
        {
            return;
        }

        _ready.Enqueue(key);
        while (_idle.TryDequeue(out var worker) && !worker.TrySetResult())
        {
            // It gave up meanwhile.
        }
    }

    private void MoveDue()
    {
        lock (_lock)
        {
            var now = Now();
            while (_later.TryPeek(out var key, out var due) && due <= now)
            {
                _later.Dequeue();
                // An entry that was overtaken by an earlier one, or by a plain addition, is void.
                if (_due.TryGetValue(key, out var known) && known == due)
                {
                    AddLocked(key);
                }
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        while (_later.TryPeek(out var key, out var due))
        {
            if (_due.TryGetValue(key, out var known) && known == due)
            {
                var wait = TimeSpan.FromTicks(Math.Max(0, due - Now()));
                // Timers count whole milliseconds, and one that fires early would only be set again.
                _timer.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            _later.Dequeue();
        }
    }

    private long Now() => _time.GetElapsedTime(_start).Ticks;
}
