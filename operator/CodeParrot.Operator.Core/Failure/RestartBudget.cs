using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>Counts restarts since the newest checkpoint, and spaces them out.</summary>
public static class RestartBudget
{
    /// <summary>Restarts that do not count, before the run is given up all the same.</summary>
    public const int MaxFree = 100;

    /// <summary>The budget with one more restart; a checkpoint newer than the last restart's begins at 0.</summary>
    public static BudgetStatus Spend(RunStatus status, bool free)
    {
        var newest = CheckpointList.Newest(status) is { } c ? CheckpointList.Key(c) : "";
        var budget = newest == status.Budget.Checkpoint ? status.Budget : new BudgetStatus { Checkpoint = newest };
        return free ? budget with { Free = budget.Free + 1 } : budget with { Counted = budget.Counted + 1 };
    }

    /// <summary>Reason to give the run up, or null while the budget lasts.</summary>
    public static string? Exhausted(BudgetStatus budget, FailurePolicySpec policy) =>
        budget.Counted > policy.MaxRestarts ? ConditionReasons.RestartsExhausted
        : budget.Free > MaxFree ? ConditionReasons.FreeRestartsExhausted
        : null;

    /// <summary>
    /// Wait before the next attempt: doubles with each restart since the newest checkpoint, up to a limit.
    /// </summary>
    public static TimeSpan Wait(BudgetStatus budget, BackoffSpec backoff)
    {
        var doublings = Math.Clamp(budget.Counted + budget.Free - 1, 0, 30);
        var seconds = backoff.Initial.TotalSeconds * Math.Pow(2, doublings);
        return TimeSpan.FromSeconds(Math.Min(seconds, backoff.Max.TotalSeconds));
    }
}
