using CodeParrot.Simulation.Tests.Conformance;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

public sealed class ConformanceTests
{
    public static TheoryData<string> Names => [.. ConformanceTable.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulated_server_answers_as_a_real_one(string name)
    {
        var wanted = ConformanceTable.Cases[name];
        var scheduler = new Scheduler(1, new Trace());
        var server = new SimulatedApiServer(scheduler, new FaultPlan(new Random(1), none: true), new Random(1));
        var process = new SimulatedProcess(scheduler, 1, "test");
        var scope = new ConformanceScope(new ApiClient(server, process, (_, _) => true), "test", process.Time);
        process.Start(() => wanted.Act(scope));

        Assert.True(scheduler.RunUntil(() => process.HasEnded, TimeSpan.FromMinutes(10)));
        Assert.Null(process.Failure);
        Assert.Equal(wanted.Expected, scope.Outcomes);
    }
}
