using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>
/// I6, and the part of I3 that gangs show: what was committed is gone back behind only by a rollback, and where ranks
/// outlive a lost one, no more than one step is made again.
/// </summary>
internal sealed class GangInvariants(Ledger ledger)
{
    /// <summary>Looks at a gang that begins to train.</summary>
    public void Resumed(Gang gang, IReadOnlyList<long> steps)
    {
        var first = gang.First;
        ledger.Require(
            steps.Distinct().Count() == 1,
            "I6",
            $"ranks of {first.Run} a{first.Attempt} resume from steps {string.Join(", ", steps)}"
        );
        CheckMembers(gang);
        if (ledger.GangBefore(first.RunUid, first.Attempt) is { } before && before.First.Branch == first.Branch)
        {
            ledger.Require(
                steps[0] >= (before.Newest?.Step ?? 0),
                "I3",
                $"{first.Run} a{first.Attempt} resumes from step {steps[0]}, {before.Newest?.Step} was committed"
            );
        }

        ledger.Began(gang);
    }

    /// <summary>Looks at a gang that goes on with what some of its ranks had in memory.</summary>
    public void WentOn(Gang gang, long before)
    {
        CheckMembers(gang);
        ledger.Require(
            gang.Step >= before - 1,
            "I3",
            $"{gang.First.Run} a{gang.First.Attempt} goes on at step {gang.Step}, and was at {before}"
        );
    }

    private void CheckMembers(Gang gang)
    {
        var first = gang.First;
        foreach (var member in gang.Members.Select(m => m.Identity))
        {
            ledger.Require(
                (member.Branch, member.StartFrom, member.WorldSize, member.RendezvousKey)
                    == (first.Branch, first.StartFrom, first.WorldSize, first.RendezvousKey),
                "I6",
                $"{member.Name} and {first.Name} were told different things"
            );
        }

        var indexes = gang.Members.Select(m => m.Identity.PodIndex).ToHashSet();
        ledger.Require(
            indexes.Count == gang.Members.Count,
            "I2",
            $"ranks of {first.Run} a{first.Attempt} are there twice"
        );
        ledger.Require(
            indexes.Count >= first.LeastPods && indexes.Contains(0),
            "I2",
            $"{first.Run} a{first.Attempt} trains with pods {string.Join(", ", indexes)} alone"
        );
    }
}
