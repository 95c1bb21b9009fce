namespace CodeParrot.Operator.Core.Cluster;

/// <summary>What was observed is no longer so: the object exists, is gone, or was changed by someone else.</summary>
/// <param name="message">Which object, and what was expected of it.</param>
public sealed class ClusterConflictException(string message) : Exception(message);
