using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Launch;

/// <summary>The progress of a pod: its first rank's figures, and every local rank's state.</summary>
internal sealed class PodProgress(PodEnvironment environment, string stage, TimeProvider time)
{
    private readonly RunProgress _nothingYet = new()
    {
        RunUid = environment.RunUid ?? "",
        Attempt = environment.Attempt,
        Stage = stage,
        Message = "starting",
    };

    public RunProgress Read(IReadOnlyList<RankProcess> ranks)
    {
        var all = ranks.Select(r => r.Files.ReadProgress()).ToList();
        var first = all.FirstOrDefault(p => p is not null) ?? _nothingYet with { UpdatedAt = time.GetUtcNow() };
        var states = all.Zip(ranks).SelectMany(p => p.First?.Ranks.Where(r => r.Rank == p.Second.Rank) ?? []);
        return first with { Ranks = [.. states] };
    }
}
