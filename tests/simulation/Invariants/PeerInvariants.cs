using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>
/// A gang whose ranks outlive a lost one is not given up while some of them wait with all that it has come to: whatever
/// is lost, its steps never go back by more than one.
/// </summary>
internal sealed class PeerInvariants(ObjectStore store, Ledger ledger, Func<TimeSpan> now)
{
    // What a pod is like has come to any operator by then, however late its watch is.
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(20);

    // Nothing to do with a lost rank, or of a kind that would come again.
    private static readonly int[] Others =
    [
        (int)ExitCode.UserMistake,
        (int)ExitCode.CorruptData,
        (int)ExitCode.Diverged,
        (int)ExitCode.OutOfGpuMemory,
    ];

    /// <summary>Looks at one version of a run behind another.</summary>
    public void Changed(StoredObject before, StoredObject after)
    {
        var old = StatusReading.Of(before.Body);
        var next = StatusReading.Of(after.Body);
        var ended = old.LivingAttempt() is not null && next.LivingAttempt() is null && !next.IsTerminal();
        if (
            !ended
            || next.LastFailure is not { } failure
            || failure == old.LastFailure
            || failure.Reason is ConditionReasons.NoStep or ConditionReasons.StartupTimeout
            || Others.Contains(failure.ExitCode ?? 0)
            || ledger.GangOf(after.Uid, old.Attempt) is not { First.OutlivesPeers: true } gang
        )
        {
            return;
        }

        // Whatever became of those that it does without.
        ledger.Require(
            !(gang is { IsElastic: true, HasBegun: true, IsOver: false } && gang.Members.TrueForAll(IsWell))
                || gang.BegunAt + Known > now(),
            "survivors",
            $"{after.Key.Name} gives attempt {old.Attempt} up for {failure.Pod}, and it trains with enough pods"
        );
        if (ledger.GaveUp(after.Uid, old.Attempt))
        {
            return;
        }

        var survivor = gang.Members.Find(IsWell);
        ledger.Require(
            survivor is null,
            "survivors",
            $"{after.Key.Name} gives attempt {old.Attempt} up for {failure.Pod}, and {survivor?.Identity.Name} lives"
        );
    }

    private bool IsWell(RankProcess rank) =>
        rank is { HasEnded: false, HoldsState: true, IsStopping: false, Pod.IsReachable: true }
        && rank.BegunAt + Known < now()
        && store.Find(rank.Pod.Key) is { IsDeleting: false } pod
        && pod.Uid == rank.Pod.Uid;
}
