namespace CodeParrot.Operator.Core.Pods;

/// <summary>Where a pod finds things; a cluster mounts them, one machine has them in folders.</summary>
public sealed record PodPlaces
{
    /// <summary>Host of rank 0's coordinator.</summary>
    public string MasterAddress { get; init; } = "";

    /// <summary>Port of rank 0's coordinator.</summary>
    public int MasterPort { get; init; }

    /// <summary>File with the rendezvous key.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Folder for scratch files and logs.</summary>
    public string WorkFolder { get; init; } = "";

    /// <summary>File of the termination message.</summary>
    public string TerminationLog { get; init; } = "";

    /// <summary>Port of /progress; 0 takes any.</summary>
    public int HttpPort { get; init; }

    /// <summary>File that the bound port is written to; empty for none.</summary>
    public string HttpPortFile { get; init; } = "";

    /// <summary>Store in place of the spec's; empty for the spec's.</summary>
    public string StoreUri { get; init; } = "";

    /// <summary>Folder with the store's credentials; empty for the SDK's own chain.</summary>
    public string CredentialsFolder { get; init; } = "";

    /// <summary>File with the store's certificate authorities; empty for the system's.</summary>
    public string CaBundleFile { get; init; } = "";

    /// <summary>CPU threads of one rank; 0 lets the rank count what its container has.</summary>
    public int Threads { get; init; } = 1;
}
