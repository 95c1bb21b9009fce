using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;

namespace CodeParrot.Operator.Leadership;

/// <summary>
/// Leads while a lease is held, as client-go does it: a lease that did not change for its duration, by one's own clock,
/// is free. The local deadline counts from before a renewal was sent, and by a clock that nobody sets, so that it
/// passes before anyone else may take the lease over.
/// </summary>
/// <param name="server">The server, ungated and unlimited: a renewal must not wait behind pods.</param>
/// <param name="options">Names and durations.</param>
/// <param name="time">Clock; timestamps measure, the time of day is only written down.</param>
/// <param name="random">Seeded generator of jitter.</param>
/// <param name="metrics">Says who leads.</param>
/// <param name="log">Where messages go.</param>
internal sealed partial class LeaderElection(
    IApiServer server,
    OperatorOptions options,
    TimeProvider time,
    Random random,
    OperatorMetrics metrics,
    ILogger<LeaderElection> log
)
{
    private readonly long _start = time.GetTimestamp();

    // Ticks since the start until which this operator leads; one number, so that any thread reads it whole.
    private long _leadsUntil;
    private JsonObject? _lease;
    private TimeSpan _seenAt;

    /// <summary>True while no other operator can hold the lease.</summary>
    public bool IsLeader => !options.LeaderElect || Now().Ticks < Interlocked.Read(ref _leadsUntil);

    /// <summary>Tries to lead until it is told to stop, and gives the lease back then.</summary>
    /// <param name="lead">
    /// What a leader does: it ends soon after <paramref name="stop"/>, and at once when its own token says that the
    /// lease is lost.
    /// </param>
    /// <param name="stop">Ends the election.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (options.LeaderElect && !await TryHoldAsync(stop))
            {
                await PauseAsync(stop);
                continue;
            }

            LogLeading(options.Identity);
            metrics.SetLeader(true);
            using var lost = new CancellationTokenSource();
            var leading = lead(lost.Token);
            await HoldAsync(leading);
            Interlocked.Exchange(ref _leadsUntil, 0);
            metrics.SetLeader(false);
            lost.Cancel();
            await leading;
            LogLedEnough(options.Identity);
        }

        await ReleaseAsync();
    }

    // That it cannot be given back is no error: it runs out.
    private async Task ReleaseAsync()
    {
        if (!options.LeaderElect || _lease is null || Lease.HolderOf(_lease) != options.Identity)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            await server.ReplaceAsync(ResourceType.Leases, Lease.Released(_lease), "", limit.Token);
        }
        catch (Exception e) when (IsWorldly(e) || e is OperationCanceledException)
        {
            LogNotReleased(e);
        }
    }

    private async Task HoldAsync(Task leading)
    {
        while (!leading.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(leading, Task.Delay(options.RetryPeriod, time, over.Token));
            over.Cancel();
            if (leading.IsCompleted || !options.LeaderElect)
            {
                continue;
            }

            // A leader that is to stop still finishes its passes, and needs the lease for them.
            await TryHoldAsync(CancellationToken.None);
            if (!IsLeader)
            {
                LogLost(options.Identity);
                return;
            }
        }
    }

    private async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var asked = Now();
        var left = IsLeader ? TimeSpan.FromTicks(Interlocked.Read(ref _leadsUntil)) - asked : options.RenewDeadline;
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (_lease is null || Lease.HolderOf(_lease) != options.Identity)
            {
                await LookAsync(either.Token);
            }

            if (_lease is null || !IsFree(_lease))
            {
                Interlocked.Exchange(ref _leadsUntil, 0);
                return false;
            }

            var wanted = Lease.Renewed(_lease, options.Identity, options.LeaseDuration, time.GetUtcNow());
            var held =
                Lease.VersionOf(_lease).Length == 0
                    ? await server.CreateAsync(ResourceType.Leases, wanted, either.Token)
                    : await server.ReplaceAsync(ResourceType.Leases, wanted, "", either.Token);
            See(held);
            Interlocked.Exchange(ref _leadsUntil, (asked + options.RenewDeadline).Ticks);
            return true;
        }
        catch (ApiServerException e) when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // Someone else wrote it, or an answer of ours was lost: the next look tells.
            _lease = null;
            return false;
        }
        catch (Exception e) when (IsWorldly(e) || (e is OperationCanceledException && limit.IsCancellationRequested))
        {
            LogUnanswered(e);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await server.GetAsync(
            ResourceType.Leases,
            options.OwnNamespace,
            options.LeaseName,
            cancellationToken
        );
        var lease = found ?? Lease.Create(options.OwnNamespace, options.LeaseName);
        if (_lease is null || Lease.VersionOf(lease) != Lease.VersionOf(_lease))
        {
            See(lease);
        }
    }

    private void See(JsonObject lease)
    {
        _lease = lease;
        _seenAt = Now();
    }

    private bool IsFree(JsonObject lease) =>
        Lease.HolderOf(lease) is { } holder
        && (holder.Length == 0 || holder == options.Identity || Now() >= _seenAt + Lease.DurationOf(lease));

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(options.RetryPeriod * (1 + (random.NextDouble() * 0.2)), time, stop);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }

    private TimeSpan Now() => time.GetElapsedTime(_start);

    private static bool IsWorldly(Exception e) => e is ApiServerException or HttpRequestException or IOException;
}
