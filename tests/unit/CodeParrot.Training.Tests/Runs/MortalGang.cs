using System.Collections.Concurrent;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// The ranks of an attempt with recovery Peers, one thread each over the loopback. Each dies when it is told to, as a
/// killed process does for the others, and is replaced by a new one with a folder of its own.
/// </summary>
internal sealed class MortalGang(TestRun run, int worldSize)
{
    private readonly int _port = FreePort.Draw();
    private readonly ConcurrentQueue<Life> _lives = new();
    private readonly ConcurrentQueue<Thread> _threads = new();
    private IReadOnlyList<Death> _deaths = [];

    /// <summary>Gets what is done to a rank's store; by default no checkpoint can be read.</summary>
    public Func<Life, IObjectStore> StoreOf { get; init; } = _ => new UnreadStore(run.Store);

    /// <summary>Gets what else a rank is given.</summary>
    public Func<TrainingContext, TrainingContext> Change { get; init; } = context => context;

    /// <summary>Gets what stands between a rank and its group in a round.</summary>
    public Func<Life, IProcessGroup, IProcessGroup> GroupOf { get; init; } = (_, group) => group;

    /// <summary>Gets whether a rank that died is replaced.</summary>
    public bool IsReplaced { get; init; } = true;

    /// <summary>Gets what a replacement waits for before it comes.</summary>
    public Action<Life> BeforeReplacement { get; init; } = _ => { };

    /// <summary>Gets what a rank does in the middle of a step, given its number.</summary>
    public Action<Life, long> OnStep { get; init; } = (_, _) => { };

    /// <summary>Gets how few ranks go on when the rest do not come; null for all.</summary>
    public int? MinCount { get; init; }

    /// <summary>Gets how long ranks wait for each other.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets what asks a rank that waits for others to stop.</summary>
    public CancellationToken StopWaiting { get; init; }

    /// <summary>Gets what is told of a rank that begins to wait for others, and of the step that it holds.</summary>
    public Action<Life, long> OnWaiting { get; init; } = (_, _) => { };

    /// <summary>Gets every pod that there was.</summary>
    public IReadOnlyCollection<Life> Lives => _lives;

    /// <summary>Runs the gang until no pod is left, and returns the last pod of each rank.</summary>
    public IReadOnlyList<Life> Run(params Death[] deaths)
    {
        _deaths = deaths;
        for (var rank = 0; rank < worldSize; rank++)
        {
            Begin(rank, generation: 0);
        }
        while (_threads.TryDequeue(out var thread))
        {
            thread.Join();
        }
        return
        [
            .. _lives
                .GroupBy(life => life.Rank)
                .OrderBy(lives => lives.Key)
                .Select(lives => lives.MaxBy(life => life.Generation)!),
        ];
    }

    private void Begin(int rank, int generation)
    {
        var life = new Life(rank, generation);
        _lives.Enqueue(life);
        var thread = new Thread(() => Live(life));
        _threads.Enqueue(thread);
        thread.Start();
    }

    private void Live(Life life)
    {
        var rounds = new Rounds(OptionsOf(life), TimeProvider.System) { WaitsForLostRanks = true };
        try
        {
            life.Result = Train(life, rounds);
        }
        catch (Exception e)
        {
            life.Error = e;
            if (e is KilledException && IsReplaced)
            {
                BeforeReplacement(life);
                Begin(life.Rank, life.Generation + 1);
            }
        }
        finally
        {
            // The port closes with the process.
            Blocking.Run(async () =>
            {
                await rounds.DisposeAsync();
                return true;
            });
        }
    }

    private RendezvousOptions OptionsOf(Life life) =>
        Ranks.OptionsOf(life.Rank, worldSize, _port) with
        {
            Generation = life.Generation,
            Timeout = Patience,
            MinCount = MinCount,
        };

    private TrainingResult Train(Life life, Rounds rounds)
    {
        using var killed = new CancellationTokenSource();
        TcpProcessGroup? current = null;
        var round = Blocking.Run(() => JoinAsync(-1, CancellationToken.None));
        var context = run.ContextOf(round.Group, attempt: 1, stopAfter: long.MaxValue) with
        {
            Store = StoreOf(life),
            WorkFolder = Path.Combine(run.Folder, $"work-{life.Rank}-{life.Generation}"),
            Observer = new MortalObserver(life.Observer, Enter),
            Generation = life.Generation,
            Round = round.Number,
            Ranks = round.Ranks,
            StateSource = round.StateSource,
            RegroupWanted = round.HasGuests,
            Rejoin = (step, cancellation) =>
            {
                OnWaiting(life, step);
                return JoinAsync(step, cancellation);
            },
            StopRequested = () =>
            {
                // Asked between the sum of the gradients and the update.
                DieIf(RankActivity.Training, NextStep());
                OnStep(life, NextStep());
                return false;
            },
        };
        return TrainingEngine.Run(Change(context), killed.Token);

        async Task<JoinedRound> JoinAsync(long step, CancellationToken cancellation)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, StopWaiting);
            var joined = await rounds.JoinAsync(step, either.Token);
            current = (TcpProcessGroup)joined.Group;
            life.Round = joined;
            return joined with { Group = GroupOf(life, joined.Group) };
        }

        void Enter(string state)
        {
            if (state != nameof(RankActivity.Training) && Enum.TryParse<RankActivity>(state, out var activity))
            {
                DieIf(activity, activity == RankActivity.Evaluating ? NextStep() : NextStep() - 1);
            }
        }

        long NextStep() =>
            1
            + Math.Max(
                life.Observer.Steps.Count > 0 ? life.Observer.Steps[^1].Step : 0,
                life.Observer.Progresses.Count > 0 ? life.Observer.Progresses[^1].Step : 0
            );

        void DieIf(RankActivity during, long step)
        {
            if (_deaths.Contains(new Death(life.Rank, during, step, life.Generation)))
            {
                // No goodbye, and nothing more is written.
                current!.Kill();
                killed.Cancel();
                throw new KilledException();
            }
        }
    }
}
