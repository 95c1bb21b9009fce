namespace CodeParrot.Training.Memory;

/// <summary>An allocation of tensors failed, on a GPU or in the process; exit code 41.</summary>
public sealed class MemoryExhaustedException : Exception
{
    /// <param name="message">What was needed, and what would need less.</param>
    /// <param name="cause">The allocation that failed.</param>
    public MemoryExhaustedException(string message, Exception cause)
        : base(message, cause) { }
}
