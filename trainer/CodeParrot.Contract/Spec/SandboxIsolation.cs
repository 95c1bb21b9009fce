namespace CodeParrot.Contract.Spec;

/// <summary>How far generated programs are kept apart from the machine; each level includes the ones before.</summary>
public enum SandboxIsolation
{
    /// <summary>Limits of memory and time alone: for machines that hold nothing of worth.</summary>
    None,

    /// <summary>A filter of system calls: programs can compute, and nothing else. Pods need no right for it.</summary>
    Filter,

    /// <summary>Besides, namespaces of their own; used wherever the kernel gives them.</summary>
    Namespaces,
}
