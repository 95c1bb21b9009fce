namespace CodeParrot.Operator.Core.Cluster;

/// <summary>Tells the loop of a single run when to look again.</summary>
public interface IChangeSource
{
    /// <summary>Returns when something may have changed since <paramref name="version"/>, or after a time.</summary>
    Task WaitForChangeAsync(RunKey run, long version, TimeSpan atMost, CancellationToken cancellationToken);
}
