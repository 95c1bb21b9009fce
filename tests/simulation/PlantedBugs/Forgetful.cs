using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Forgets that checkpoints are deleted.</summary>
internal sealed class Forgetful
{
    private readonly Dictionary<string, List<CheckpointSummary>> _seen = [];

    /// <summary>What is observed, without anybody's word for what the store holds.</summary>
    public static Observed WithoutStored(Observed observed) =>
        observed with
        {
            Progress = observed.Progress is { } p ? p with { Stored = null } : null,
            Departed = Silent(observed.Departed),
            Pods = [.. observed.Pods.Select(p => Silent(p)!)],
        };

    /// <summary>What is observed, with every checkpoint that the run's status ever named.</summary>
    public Observed Remember(Observed observed)
    {
        if (!_seen.TryGetValue(observed.Run.Metadata.Uid, out var seen))
        {
            _seen[observed.Run.Metadata.Uid] = seen = [];
        }

        seen.AddRange(observed.Status.Checkpoints);
        var status = observed.Status with { Checkpoints = CheckpointList.Merge(seen, []) };
        return WithoutStored(observed) with { Run = observed.Run with { Status = status } };
    }

    /// <summary>The plan, with no other checkpoints in the status than were in it.</summary>
    public static Plan WithOwnCheckpoints(Observed observed, Plan plan) =>
        plan with
        {
            Actions =
            [
                .. plan.Actions.Select(a =>
                    a is SetStatus s ? new SetStatus(s.Status with { Checkpoints = observed.Status.Checkpoints }) : a
                ),
            ],
        };

    private static PodObservation? Silent(PodObservation? pod) =>
        pod?.Message is { } message ? pod with { Message = message with { Stored = null } } : pod;
}
