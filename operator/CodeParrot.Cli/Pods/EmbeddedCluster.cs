using System.Security.Cryptography;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Cli.Pods;

/// <summary>A cluster of one machine and one run: the resource is a file, pods are local processes.</summary>
internal sealed class EmbeddedCluster(StateFolder state, RunKey run, PodHost host, TimeProvider time)
    : ICluster,
        IChangeSource,
        IDisposable
{
    private const int KeyBytes = 32;
    private const int NonceLength = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly RunFile _file = state.File(run);
    private readonly LocalPods _pods = new(state, run, host, time);
    private readonly ProgressReader _reader = new();
    private readonly Attendance _attendance = new(time);
    private TrainingRun? _resource;
    private (DateTime Time, long Length) _stamp;
    private RunProgress? _progress;
    private DateTimeOffset _progressAt;
    private long _version;

    /// <inheritdoc/>
    public Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken)
    {
        _pods.Refresh();
        Reload();
        var observed = _resource is null
            ? null
            : new Observed
            {
                Run = _resource,
                Pods = _pods.Observe(),
                Progress = _progress,
                Nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true),
                Now = time.GetUtcNow(),
                LookedSince = _attendance.Look(),
                Version = Version(),
            };
        return Task.FromResult(observed);
    }

    /// <inheritdoc/>
    public Task ApplyAsync(Observed observed, PlanAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case SetStatus a:
                Write(a.Status, observed.Run.Metadata.ResourceVersion);
                break;
            case EnsureSnapshot a when !File.Exists(state.SnapshotFile(run, a.Hash)):
                AtomicFile.Write(state.SnapshotFile(run, a.Hash), a.Text);
                break;
            case CreatePod a:
                EnsureKey();
                _pods.Create(a.Pod);
                break;
            case DeletePod a:
                _pods.Delete(a);
                break;
        }

        // Services, gangs and events are a cluster's affair.
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task WaitForChangeAsync(RunKey run, long version, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + atMost;
        while (Version() == version && time.GetUtcNow() < deadline)
        {
            await Task.Delay(Poll, time, cancellationToken);
            _attendance.Look();
            _pods.Refresh();
            Reload();
            await ReadProgressAsync(cancellationToken);
        }
    }

    /// <summary>Ends every pod at once.</summary>
    public void KillAll() => _pods.KillAll();

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private void Write(RunStatus status, string resourceVersion)
    {
        try
        {
            _file.WriteStatus(status, resourceVersion);
        }
        finally
        {
            // Two writes within one tick of the file system's clock may have one stamp: the next look reads anew.
            _stamp = default;
        }
    }

    private void EnsureKey()
    {
        var key = state.KeyFile(run);
        if (!File.Exists(key))
        {
            AtomicFile.Write(key, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)), secret: true);
        }
    }

    private long Version() => _version + _pods.Version;

    private void Reload()
    {
        var stamp = _file.Stamp();
        if (stamp == _stamp)
        {
            return;
        }

        _resource = _file.Read();
        _stamp = stamp;
        _version++;
    }

    private async Task ReadProgressAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _progressAt < ProgressInterval)
        {
            return;
        }

        _progressAt = time.GetUtcNow();
        var request = _resource is { } resource ? OpenRequest.ForTrainer(new Observed { Run = resource }) : null;
        var query = ProgressQuery.Of(_resource?.Metadata.Uid ?? "", request);
        if (await _reader.ReadAsync(_pods.Living(), query, cancellationToken) is { } progress)
        {
            _progress = progress;
            _version++;
        }
    }
}
