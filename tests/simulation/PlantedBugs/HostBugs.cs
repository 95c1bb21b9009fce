using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Bugs in how decisions are carried out.</summary>
internal static class HostBugs
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    public static IReadOnlyDictionary<string, OperatorVariant> All { get; } =
        new Dictionary<string, OperatorVariant>
        {
            ["a status is written over a newer one"] = new()
            {
                Server = s => new LastWriteWins(s, ResourceType.TrainingRuns),
            },
            ["a lease is written over a newer one"] = new() { Server = s => new LastWriteWins(s, ResourceType.Leases) },
            ["pods are deleted by name"] = new() { Server = s => new NameOnlyDeletes(s) },
            ["410 does not list anew"] = new()
            {
                Server = s => new ForgottenRelist(s),
                // The net under lost events would hide the bug for most of the time.
                Options = o => o with { Resync = Never },
            },
            ["it writes after its renew deadline"] = new()
            {
                Options = o => o with { RenewDeadline = TimeSpan.FromSeconds(14) },
            },
            ["a lease is taken from its holder"] = new() { Server = s => new UnsafeTakeover(s) },
            ["any pod's progress is believed"] = new() { Progress = p => new CredulousProgress(p) },
            ["gangs are not told of requests"] = new() { Progress = TamperedRequests.Dropped },
            ["gangs are told of requests again"] = new() { Progress = TamperedRequests.Repeated },
            ["ranks are told of different branches"] = new() { Server = s => new TwistedPods(s) },
        };
}
