namespace CodeParrot.Contract.Spec;

/// <summary>The scheduler that places all ranks of a gang or none.</summary>
public enum GangScheduler
{
    /// <summary>The cluster's own, pod by pod.</summary>
    None,

    /// <summary>Kueue's plain pod groups.</summary>
    Kueue,

    /// <summary>The coscheduling plugin of scheduler-plugins.</summary>
    Coscheduling,

    /// <summary>Volcano.</summary>
    Volcano,

    /// <summary>Kubernetes' own pod groups, since 1.36 where they are switched on.</summary>
    Native,
}
