using System.Runtime.InteropServices;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Launch;

/// <summary>
/// The first process of a pod: starts the local ranks, forwards SIGTERM, ends the others when one dies, serves the
/// pod's HTTP endpoints, and ends with the code and the message of the rank that failed first for a reason of its own.
/// </summary>
internal sealed class PodLauncher(PodEnvironment environment, IReadOnlyList<string> command, TimeProvider time)
{
    // Survivors notice a lost peer by themselves, and say so; only one that hangs is killed.
    private static readonly TimeSpan PatienceWithSurvivors = TimeSpan.FromSeconds(10);

    private readonly List<RankProcess> _ranks = [];
    private readonly List<RankExit> _exits = [];
    private volatile bool _stopping;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(environment.WorkFolder);
        var stage = command.Count > 0 ? command[0] : "";
        var progress = new PodProgress(environment, stage, time);
        var desk = new CheckpointDesk(request => _ranks.Find(r => r.Rank == 0) is { } first && first.Request(request));
        await using var server = await PodServer.StartAsync(environment, () => progress.Read(_ranks), desk);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Forward);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Forward);
        for (var localRank = 0; localRank < environment.LocalWorldSize; localRank++)
        {
            _ranks.Add(RankProcess.Start(environment, localRank, command, Print));
        }

        if (_stopping)
        {
            // Asked to stop while ranks were being started: those that came later have not heard of it.
            _ranks.ForEach(r => r.Signal(Signal.Terminate));
        }

        await WaitForAllAsync(cancellationToken);
        var verdict = PodVerdict.Of(_exits);
        Say(verdict);
        _ranks.ForEach(r => r.Dispose());
        return verdict.Code;
    }

    private async Task WaitForAllAsync(CancellationToken cancellationToken)
    {
        var waits = _ranks.ToDictionary(r => r.WaitAsync(cancellationToken));
        Task? patience = null;
        while (waits.Count > 0)
        {
            var finished = await Task.WhenAny(patience is null ? waits.Keys : waits.Keys.Append(patience));
            if (finished == patience)
            {
                foreach (var rank in waits.Values)
                {
                    rank.Signal(Signal.Kill);
                }

                patience = null;
                continue;
            }

            var ended = waits[finished];
            waits.Remove(finished);
            _exits.Add(new RankExit(ended.Rank, ended.ExitCode, ended.Files.ReadTermination()));
            if (ended.ExitCode is not ((int)ExitCode.Done or (int)ExitCode.Stopped))
            {
                patience ??= Task.Delay(PatienceWithSurvivors, time, cancellationToken);
            }
        }
    }

    private void Forward(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping = true;
        foreach (var rank in _ranks.ToArray())
        {
            rank.Signal(Signal.Terminate);
        }
    }

    private void Print(int rank, string line) =>
        Console.WriteLine(environment.LocalWorldSize > 1 ? RankPrefix.Of(rank) + line : line);

    private void Say(PodVerdict verdict)
    {
        var message = verdict.Message with { Attempt = environment.Attempt };
        TerminationLog.Say(environment.TerminationLog, message);
    }
}
