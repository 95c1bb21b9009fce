using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Disruption;

/// <summary>
/// Holds evictions back, where <c>spec.disruption</c> asks for it, while an attempt trains and has committed no
/// checkpoint of its own: from then on an eviction costs no more than any other stop. After an hour it lets them
/// through all the same, so that no node's drain waits for ever.
/// </summary>
public sealed class DisruptionBudgetPolicy : IPolicy
{
    /// <summary>Longest time that one attempt holds evictions back, from when its pods had their nodes.</summary>
    public static readonly TimeSpan MaxBlock = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        var wanted = Until(observed) > observed.Now;
        if (wanted == status.Gang.Protected)
        {
            return null;
        }

        var mark = new SetStatus(status with { Gang = status.Gang with { Protected = wanted } });
        var effect = new SetDisruptionBudget(wanted);
        // A budget that nobody knows of would block drains for ever: the mark is made before it, and goes after it.
        return wanted
            ? PlanBuilder.Do("hold evictions back until a checkpoint", mark, effect)
            : PlanBuilder.Do("let evictions through", effect, mark);
    }

    /// <summary>When evictions are let through at the latest; null where they are now.</summary>
    internal static DateTimeOffset? Until(Observed observed)
    {
        var status = observed.Status;
        var trains = status.LivingAttempt() is not null && status.Stage == StageNames.Train;
        var asked = observed.Run.Spec is { Disruption: DisruptionPolicy.BlockUntilCheckpoint, Suspend: false };
        // While lost pods are replaced, the others alone have what the attempt has come to.
        var since = status.Gang.ScheduledAt ?? (status.Gang.Generation > 0 ? observed.Now : null);
        return trains && asked && !HasOwnCheckpoint(observed) ? since + MaxBlock : null;
    }

    private static bool HasOwnCheckpoint(Observed observed)
    {
        var mark = $"-a{observed.Status.Attempt}";
        return observed.Status.Checkpoints.Any(c => c.Name.EndsWith(mark, StringComparison.Ordinal));
    }
}
