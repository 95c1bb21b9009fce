namespace CodeParrot.Distributed;

/// <summary>Rank 0 could not open the coordinator's port.</summary>
public sealed class PortInUseException : Exception
{
    /// <summary>States the port and the remedy.</summary>
    public PortInUseException(int port, Exception inner)
        : base(
            $"Port {port} is in use on the host of rank 0: set MASTER_PORT to a free port on all ranks, "
                + "or end the process that holds it",
            inner
        )
    {
        Port = port;
    }

    /// <summary>The port that is taken.</summary>
    public int Port { get; }
}
