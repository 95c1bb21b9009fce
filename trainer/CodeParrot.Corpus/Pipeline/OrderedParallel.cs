using System.Runtime.CompilerServices;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Work on many threads whose results come in the order of their inputs.</summary>
internal static class OrderedParallel
{
    /// <summary>
    /// Runs <paramref name="work"/> over the inputs, at most twice <paramref name="threads"/> at a time: one on each
    /// thread and as many done or waiting, so that the slowest does not hold the others up. With one thread nothing
    /// runs ahead.
    /// </summary>
    public static async IAsyncEnumerable<TResult> RunAsync<T, TResult>(
        IAsyncEnumerable<T> inputs,
        Func<T, CancellationToken, Task<TResult>> work,
        int threads,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var most = threads == 1 ? 1 : threads * 2;
        var running = new Queue<Task<TResult>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var input in inputs.WithCancellation(cancellationToken))
            {
                running.Enqueue(Task.Run(() => work(input, stop.Token), stop.Token));
                if (running.Count >= most)
                    yield return await running.Dequeue();
            }
            while (running.TryDequeue(out var next))
                yield return await next;
        }
        finally
        {
            // What is still running uses the inputs' owner: it ends before the caller goes on to dispose it.
            await stop.CancelAsync();
            await Task.WhenAll(running)
                .ContinueWith(
                    done => done.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
        }
    }
}
