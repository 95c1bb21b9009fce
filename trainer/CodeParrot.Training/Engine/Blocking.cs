namespace CodeParrot.Training.Engine;

/// <summary>
/// Waits for the store from the training thread, which is synchronous and has no scheduler to starve.
/// </summary>
internal static class Blocking
{
    /// <summary>Runs asynchronous work on the pool and returns its result, or throws its own exception.</summary>
    public static T Run<T>(Func<Task<T>> work) => Await(Task.Run(work));

    /// <summary>Waits for a task, and throws its own exception.</summary>
#pragma warning disable VSTHRD002 // The one place where the training thread waits; it owns no context.
    public static T Await<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>Waits for a task for some time; false when it goes on.</summary>
    public static bool TryAwait(Task task, TimeSpan limit, TimeProvider time) =>
        Task.WhenAny(task, Task.Delay(limit, time)).GetAwaiter().GetResult() == task;
#pragma warning restore VSTHRD002
}
