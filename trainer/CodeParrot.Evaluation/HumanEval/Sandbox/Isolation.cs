namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>How far generated programs are kept apart from the machine; each level includes the ones before.</summary>
public enum Isolation
{
    /// <summary>A user without rights where the trainer is root, limits of memory and time; nothing else.</summary>
    None,

    /// <summary>
    /// A filter of system calls: programs can compute, and nothing else. A container needs no right for it.
    /// </summary>
    Filter,

    /// <summary>
    /// Besides, namespaces of users, processes, network, mounts, IPC and host name, in an empty read-only root.
    /// </summary>
    Namespaces,
}
