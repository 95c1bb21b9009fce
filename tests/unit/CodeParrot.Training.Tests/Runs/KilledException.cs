namespace CodeParrot.Training.Tests.Runs;

/// <summary>Ends a rank's thread as a kill ends a process.</summary>
internal sealed class KilledException : Exception;
