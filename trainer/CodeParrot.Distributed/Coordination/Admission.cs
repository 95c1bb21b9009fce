namespace CodeParrot.Distributed.Coordination;

/// <summary>Decides whether a rank that has proven the key belongs here; pure.</summary>
internal static class Admission
{
    /// <summary>The reason to turn it away; null if it may come in.</summary>
    public static Refusal? Check(RendezvousOptions options, JoinRequest request)
    {
        if (!string.Equals(request.RunUid, options.RunUid, StringComparison.Ordinal))
        {
            return new(RefusalReason.WrongRun, $"run {options.RunUid}", $"run {request.RunUid}");
        }

        if (request.Attempt != options.Attempt)
        {
            var reason = request.Attempt < options.Attempt ? RefusalReason.OlderAttempt : RefusalReason.NewerAttempt;
            return new(reason, $"attempt {options.Attempt}", $"attempt {request.Attempt}");
        }

        if (request.WorldSize != options.WorldSize)
        {
            return new(
                RefusalReason.WrongWorldSize,
                $"world size {options.WorldSize}",
                $"world size {request.WorldSize}"
            );
        }

        return request.Member.Rank < 0 || request.Member.Rank >= options.WorldSize
            ? new(RefusalReason.RankOutOfRange, $"ranks 0 to {options.WorldSize - 1}", $"rank {request.Member.Rank}")
            : null;
    }
}
