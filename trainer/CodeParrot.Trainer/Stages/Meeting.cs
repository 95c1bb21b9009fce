using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>Where the ranks of an attempt meet, at its start and, with recovery Peers, after a loss.</summary>
internal sealed class Meeting : IAsyncDisposable
{
    private readonly StageContext _context;
    private readonly Rounds? _rounds;

    private Meeting(StageContext context, Rounds? rounds)
    {
        _context = context;
        _rounds = rounds;
    }

    /// <summary>Gets whether ranks that lose one meet again.</summary>
    public bool MeetsAgain => _rounds is { WaitsForLostRanks: true };

    /// <summary>Reads where it is from the environment.</summary>
    /// <exception cref="ManifestException">There are several ranks and no key.</exception>
    public static async Task<Meeting> OfAsync(StageContext context, CancellationToken cancellationToken)
    {
        var environment = context.Environment;
        if (environment.WorldSize == 1)
        {
            return new Meeting(context, rounds: null);
        }

        if (environment.RendezvousKeyFile is null)
        {
            var mistake = new SpecMistake(EnvironmentNames.RendezvousKeyFile, "must name the file of the run's key");
            throw new ManifestException("the environment", [mistake]);
        }

        // Without an operator nobody replaces a lost rank.
        var isReplaced = environment.HasOperator && context.Spec.FailurePolicy.Recovery == RecoveryMode.Peers;
        var options = new RendezvousOptions
        {
            MasterAddress = environment.MasterAddress,
            MasterPort = environment.MasterPort,
            Rank = environment.Rank,
            WorldSize = environment.WorldSize,
            RunUid = context.RunUid,
            Attempt = environment.Attempt,
            Generation = environment.PodGeneration,
            MinCount = isReplaced ? context.Spec.Workers.MinCount : null,
            Key = await File.ReadAllBytesAsync(environment.RendezvousKeyFile, cancellationToken),
            Timeout = context.Spec.Workers.RendezvousTimeout,
            CollectiveTimeout = context.Spec.FailurePolicy.StallTimeout,
        };
        return new Meeting(context, new Rounds(options, context.Time) { WaitsForLostRanks = isReplaced });
    }

    /// <summary>Joins the other ranks; a rank that is asked to stop does not wait for them.</summary>
    /// <param name="stepInMemory">Step of the whole state that this rank holds; -1 if none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JoinedRound> JoinAsync(long stepInMemory, CancellationToken cancellationToken)
    {
        if (_rounds is null)
        {
            return new JoinedRound(new SingleProcessGroup(), Number: 1, StateSource: -1, StateStep: -1);
        }

        using var joining = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _context.StopRequested);
        return await _rounds.JoinAsync(stepInMemory, joining.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_rounds is not null)
        {
            await _rounds.DisposeAsync();
        }
    }
}
