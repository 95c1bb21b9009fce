namespace CodeParrot.Operator.Core.Manifests;

/// <summary>Where the trainer's container finds things: in folders that no template may mount over.</summary>
public static class ContainerPlaces
{
    /// <summary>Folder of the run's snapshot.</summary>
    public const string SpecFolder = "/codeparrot/spec";

    /// <summary>The snapshot.</summary>
    public const string SpecFile = SpecFolder + "/" + SpecKey;

    /// <summary>Key of the snapshot in its ConfigMap.</summary>
    public const string SpecKey = "run.yaml";

    /// <summary>Folder of the rendezvous key.</summary>
    public const string KeyFolder = "/codeparrot/rendezvous";

    /// <summary>The rendezvous key.</summary>
    public const string KeyFile = KeyFolder + "/" + KeyKey;

    /// <summary>Key of the rendezvous key in its Secret.</summary>
    public const string KeyKey = "key";

    /// <summary>Folder of the store's credentials, a file each.</summary>
    public const string CredentialsFolder = "/codeparrot/store-credentials";

    /// <summary>Folder of the store's certificate authorities.</summary>
    public const string CaFolder = "/codeparrot/store-ca";

    /// <summary>The store's certificate authorities.</summary>
    public const string CaFile = CaFolder + "/" + CaName;

    /// <summary>Name of that file.</summary>
    public const string CaName = "ca.pem";

    /// <summary>Folder for scratch files and logs.</summary>
    public const string WorkFolder = "/codeparrot/work";

    /// <summary>Folder for what libraries write anywhere.</summary>
    public const string TemporaryFolder = "/tmp";

    /// <summary>Folder of shared memory.</summary>
    public const string SharedMemoryFolder = "/dev/shm";

    /// <summary>File that the kubelet reads the termination message from.</summary>
    public const string TerminationLog = "/dev/termination-log";
}
