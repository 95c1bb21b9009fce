namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Reason">Reason that the kubelet gives, as in <c>OOMKilled</c>; empty for the usual.</param>
/// <param name="Message">Its termination message; empty for none.</param>
internal sealed record ProcessEnd(int ExitCode, string Reason, string Message)
{
    /// <summary>True where its message is of a class.</summary>
    public bool Says(string kind) => Message.Contains($"\"class\":\"{kind}\"");
}
