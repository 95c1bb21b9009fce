using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Launch;

/// <summary>Code and message of a pod, decided from the ends of its ranks in their order.</summary>
/// <param name="Code">Exit code of the pod.</param>
/// <param name="Message">Its termination message.</param>
internal sealed record PodVerdict(ExitCode Code, TerminationMessage Message)
{
    /// <summary>
    /// The earliest failure that is not "peer lost" decides; then a peer lost; then a stop; and done only if all are.
    /// </summary>
    public static PodVerdict Of(IReadOnlyList<RankExit> exits)
    {
        var culprit =
            exits.FirstOrDefault(e =>
                e.Code is not ((int)ExitCode.Done or (int)ExitCode.Stopped or (int)ExitCode.PeerLost)
            )
            ?? exits.FirstOrDefault(e => e.Code == (int)ExitCode.PeerLost)
            ?? exits.FirstOrDefault(e => e.Code == (int)ExitCode.Stopped)
            ?? exits.OrderBy(e => e.Rank).First();
        var message = culprit.Message ?? new TerminationMessage { Rank = culprit.Rank, Message = Killed(culprit) };
        var code = (ExitCode)culprit.Code;
        return new PodVerdict(
            code,
            message with
            {
                ExitCode = culprit.Code,
                // Rank 0 alone knows of checkpoints, whoever speaks.
                Checkpoints = exits.Select(e => e.Message?.Checkpoints).FirstOrDefault(c => c?.Count > 0) ?? [],
                Stored = exits.Select(e => e.Message?.Stored).FirstOrDefault(s => s is not null),
                ServedRequest = exits.Select(e => e.Message?.ServedRequest).FirstOrDefault(r => r is not null),
                Class =
                    message.Class.Length > 0 ? message.Class
                    : Enum.IsDefined(code) ? code.ToString()
                    : $"Signal{culprit.Code - 128}",
            }
        );
    }

    private static string Killed(RankExit exit) =>
        exit.Code > 128
            ? $"rank {exit.Rank} was ended by signal {exit.Code - 128}"
            : $"rank {exit.Rank} ended with code {exit.Code} without a word";
}
