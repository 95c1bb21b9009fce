using CodeParrot.Operator.Core.Manifests;

namespace CodeParrot.Operator.Hosting;

/// <summary>How the operator works; durations of the election are client-go's.</summary>
internal sealed record OperatorOptions
{
    /// <summary>Namespace to look after; empty for all.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>What is the same in all objects that the operator makes.</summary>
    public ManifestOptions Manifests { get; init; } = new();

    /// <summary>Namespace that the operator itself runs in: where its lease is.</summary>
    public string OwnNamespace { get; init; } = "default";

    /// <summary>False takes the lead without asking: for one operator that is never started twice.</summary>
    public bool LeaderElect { get; init; } = true;

    /// <summary>Who holds the lease: another one for every life of the process.</summary>
    public string Identity { get; init; } = "operator";

    /// <summary>Name of the lease.</summary>
    public string LeaseName { get; init; } = "codeparrot-operator";

    /// <summary>How long others leave a lease alone that is not renewed.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last renewal a leader still writes.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two tries to renew or acquire.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Requests a second in the long run. A gang of 1,000 pods is there within seconds; a server that is too small for
    /// that says so by 429, and is left alone for as long as it asks.
    /// </summary>
    public double Qps { get; init; } = 200;

    /// <summary>Requests at once after a rest.</summary>
    public int Burst { get; init; } = 400;

    /// <summary>Runs that are worked on at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Time between two readings of a run's progress.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pods asked for their progress at once.</summary>
    public int ProgressReaders { get; init; } = 16;

    /// <summary>Age at which a cache is listed anew, and longest time without a look at a run: a net only.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Shortest wait after a failure, of a key or a watch.</summary>
    public TimeSpan BackoffInitial { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait after failures.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long passes that are under way may take once the operator is to stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Every mistake, with the option that it is about.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var mistake in Manifests.Validate())
        {
            yield return $"--{mistake}";
        }

        if (Workers is < 1 or > 1000)
        {
            yield return $"--workers: must be 1 to 1000, was {Workers}";
        }

        if (Qps is not (> 0 and <= 100_000))
        {
            yield return $"--qps: must be above 0 and at most 100000, was {Qps}";
        }

        if (Burst is < 1 or > 100_000)
        {
            yield return $"--burst: must be 1 to 100000, was {Burst}";
        }

        if (ProgressInterval < TimeSpan.FromMilliseconds(100) || ProgressInterval > TimeSpan.FromHours(1))
        {
            yield return $"--progress-interval: must be 100ms to 1h, was {ProgressInterval}";
        }

        if (LeaderElect && (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod))
        {
            yield return $"--renew-deadline: must be above the retry period {RetryPeriod}, was {RenewDeadline}";
        }

        if (LeaderElect && LeaseDuration <= RenewDeadline)
        {
            yield return $"--lease-duration: must be above the renew deadline {RenewDeadline}, was {LeaseDuration}";
        }
    }
}
