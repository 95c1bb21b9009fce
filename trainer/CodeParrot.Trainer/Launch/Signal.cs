namespace CodeParrot.Trainer.Launch;

/// <summary>Signals that a pod's first process sends to its ranks, by their POSIX numbers.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
}
