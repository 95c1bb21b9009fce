using System.CommandLine;
using CodeParrot.Cli.Pods;
using CodeParrot.Cli.State;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot logs [run]</c>: what the newest pod, or a rank, prints.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var run = CommandHost.RunArgument();
        var rank = new Option<int?>("--rank") { Description = "Rank of the gang; rank 0 unless set" };
        var follow = new Option<bool>("--follow") { Description = "Go on until the pod ends" };
        var command = new Command("logs", "Print the log of the newest pod") { run, rank, follow };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async () =>
                {
                    var state = new StateFolder(result.GetRequiredValue(CommandHost.State));
                    var key = state.Find(result.GetValue(run));
                    var (folder, record) = Choose(state, key, result.GetValue(rank));
                    await PrintAsync(
                        FileOf(folder, record, result.GetValue(rank)),
                        folder,
                        result.GetValue(follow),
                        token
                    );
                    return 0;
                })
        );
        return command;
    }

    private static (PodFolder Folder, PodRecord Record) Choose(StateFolder state, RunKey run, int? rank)
    {
        var pods = PodFolder
            .List(state.PodsFolder(run))
            .Select(f => (Folder: f, Record: f.Read()))
            .Where(p => p.Record is not null)
            .Select(p => (p.Folder, Record: p.Record!))
            .OrderByDescending(p => p.Record.CreatedAt)
            .ToList();
        var fitting = pods.Where(p => rank is null ? p.Record.Spec.PodIndex == 0 : Holds(p.Record, rank.Value))
            .ToList();
        return fitting.Count > 0 ? fitting[0]
            : pods.Count == 0 ? throw new UserMistakeException($"run {run} has no pods yet")
            : throw new UserMistakeException(
                $"no pod of run {run} has rank {rank}; its newest gang has "
                    + $"{pods.Max(p => p.Record.Spec.WorldSize)} ranks"
            );
    }

    private static bool Holds(PodRecord pod, int rank) =>
        rank >= pod.Spec.PodIndex * pod.Spec.RanksPerPod && rank < (pod.Spec.PodIndex + 1) * pod.Spec.RanksPerPod;

    // A pod of several ranks prints them mixed, and keeps a file of each in its work folder.
    private static string FileOf(PodFolder folder, PodRecord pod, int? rank)
    {
        var own = Path.Combine(folder.WorkFolder, $"rank-{rank}.log");
        return rank is not null && pod.Spec.RanksPerPod > 1 && File.Exists(own) ? own : folder.StdoutFile;
    }

    private static async Task PrintAsync(string file, PodFolder pod, bool follow, CancellationToken cancellationToken)
    {
        if (file == pod.StdoutFile && File.Exists(pod.StderrFile))
        {
            await CopyAsync(pod.StderrFile, 0, Console.OpenStandardError(), cancellationToken);
        }

        long position = 0;
        while (true)
        {
            var ended = pod.Read()?.ExitCode is not null || pod.ExitCode() is not null;
            position = await CopyAsync(file, position, Console.OpenStandardOutput(), cancellationToken);
            if (!follow || ended)
            {
                return;
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<long> CopyAsync(string file, long position, Stream output, CancellationToken token)
    {
        if (!File.Exists(file))
        {
            return position;
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = position;
        await stream.CopyToAsync(output, token);
        await output.FlushAsync(token);
        return stream.Position;
    }
}
