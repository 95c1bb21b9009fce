namespace CodeParrot.Contract.Runtime;

/// <summary>Names of the environment variables that an operator gives a trainer's pod.</summary>
public static class EnvironmentNames
{
    /// <summary>Host of rank 0's coordinator (PyTorch).</summary>
    public const string MasterAddress = "MASTER_ADDR";

    /// <summary>Port of rank 0's coordinator (PyTorch).</summary>
    public const string MasterPort = "MASTER_PORT";

    /// <summary>Index of the process in the gang (PyTorch).</summary>
    public const string Rank = "RANK";

    /// <summary>Processes in the gang (PyTorch).</summary>
    public const string WorldSize = "WORLD_SIZE";

    /// <summary>Index of the process in its pod (PyTorch).</summary>
    public const string LocalRank = "LOCAL_RANK";

    /// <summary>Processes in the pod (PyTorch).</summary>
    public const string LocalWorldSize = "LOCAL_WORLD_SIZE";

    /// <summary>Name of the run.</summary>
    public const string Run = "CODEPARROT_RUN";

    /// <summary>Namespace of the run.</summary>
    public const string Namespace = "CODEPARROT_NAMESPACE";

    /// <summary>UID of the run: a re-created run of the same name is another run.</summary>
    public const string RunUid = "CODEPARROT_RUN_UID";

    /// <summary>Number of the attempt.</summary>
    public const string Attempt = "CODEPARROT_ATTEMPT";

    /// <summary>Index of the pod in the gang.</summary>
    public const string PodIndex = "CODEPARROT_POD_INDEX";

    /// <summary>Replacements of the attempt before the pod was made; 0 for none.</summary>
    public const string PodGeneration = "CODEPARROT_POD_GENERATION";

    /// <summary>File with the key that ranks prove to each other.</summary>
    public const string RendezvousKeyFile = "CODEPARROT_RENDEZVOUS_KEY_FILE";

    /// <summary>Branch that checkpoints are written to.</summary>
    public const string Branch = "CODEPARROT_BRANCH";

    /// <summary>
    /// Key of the checkpoint (<c>branch/name</c>) that a branch without one starts from, after a rollback.
    /// </summary>
    public const string StartFrom = "CODEPARROT_START_FROM";

    /// <summary>Steps of data left out after a rollback.</summary>
    public const string SkipSteps = "CODEPARROT_SKIP_STEPS";

    /// <summary>
    /// Port of /progress, /metrics and /healthz; 0 takes any and writes it to <see cref="HttpPortFile"/>.
    /// </summary>
    public const string HttpPort = "CODEPARROT_HTTP_PORT";

    /// <summary>File that the bound port is written to.</summary>
    public const string HttpPortFile = "CODEPARROT_HTTP_PORT_FILE";

    /// <summary>Folder for scratch files and logs of the pod.</summary>
    public const string WorkFolder = "CODEPARROT_WORK_DIR";

    /// <summary>File of the termination message; /dev/termination-log unless set.</summary>
    public const string TerminationLog = "CODEPARROT_TERMINATION_LOG";

    /// <summary>Overrides <c>spec.store.uri</c>, for a store that only this place knows.</summary>
    public const string StoreUri = "CODEPARROT_STORE_URI";

    /// <summary>Folder with the mounted credentials of the store.</summary>
    public const string StoreCredentials = "CODEPARROT_STORE_CREDENTIALS_DIR";

    /// <summary>File with the mounted certificate authorities of the store.</summary>
    public const string StoreCaBundle = "CODEPARROT_STORE_CA_BUNDLE";

    /// <summary>Threads of one rank; OpenMP, and with it libtorch, reads it.</summary>
    public const string Threads = "OMP_NUM_THREADS";

    /// <summary>0 leaves MKL on AMD processors on its slow path; 1, or unset, switches the fast one on.</summary>
    public const string MklFastPath = "CODEPARROT_MKL_FAST_PATH";

    /// <summary>Where ranks compute: cpu or cuda; unset, a GPU where there is one.</summary>
    public const string Device = "CODEPARROT_DEVICE";

    /// <summary>Folder for what libraries keep between calls, as compiled kernels; a pod's own is read-only.</summary>
    public const string Home = "HOME";

    /// <summary>Node that the pod runs on, for a template's own variables, as an NCCL_HOSTID.</summary>
    public const string NodeName = "CODEPARROT_NODE_NAME";

    /// <summary>Address of the pod, for a template's own variables.</summary>
    public const string PodIp = "CODEPARROT_POD_IP";
}
