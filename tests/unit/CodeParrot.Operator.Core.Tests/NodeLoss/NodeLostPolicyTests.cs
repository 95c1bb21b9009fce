using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.NodeLoss;

public sealed class NodeLostPolicyTests
{
    [Theory]
    [InlineData(NodeState.Gone, true)]
    [InlineData(NodeState.Unreachable, true)]
    [InlineData(NodeState.Ready, false)]
    [InlineData(NodeState.Unknown, false)]
    public void Removes_an_overdue_pod_by_force_only_where_its_node_does_not_answer(NodeState state, bool forces)
    {
        var observed = Overdue() with { Nodes = new Dictionary<string, NodeState> { ["node-1-0"] = state } };

        var plan = new Planner().Plan(observed);

        Assert.Equal(forces, plan.Actions.OfType<DeletePod>().Any(d => d.Force));
        Assert.Equal(forces, plan.Actions.OfType<RecordEvent>().Any(e => e is { Warning: true, Reason: "NodeLost" }));
    }

    [Fact]
    public void A_pod_that_is_removed_by_force_is_not_made_again()
    {
        var observed = Overdue() with { Nodes = new Dictionary<string, NodeState> { ["node-1-0"] = NodeState.Gone } };
        // The operator ended before it could note that all pods were made.
        var status = observed.Status with
        {
            Gang = observed.Status.Gang with { Created = false },
        };
        var pods = observed.Pods.Where(p => p.IsLiving).Select(p => p with { Attempt = status.Attempt });
        var blind = observed with { Run = observed.Run with { Status = status }, Pods = [.. pods] };

        var plan = new Planner().Plan(blind);

        Assert.Contains(plan.Actions, a => a is DeletePod { Force: true });
        var written = Assert.Single(plan.Actions.OfType<SetStatus>()).Status;
        Assert.Equal(status.LivingAttempt() is not null, written.Gang.Created);
    }

    [Fact]
    public void A_pod_that_a_foreign_finalizer_holds_is_not_removed_again()
    {
        var observed = Overdue() with { Nodes = new Dictionary<string, NodeState> { ["node-1-0"] = NodeState.Gone } };
        var held = observed with { Pods = [.. observed.Pods.Select(p => p with { Held = p.Deleting })] };

        var plan = new Planner().Plan(held);

        Assert.NotEmpty(new Planner().Plan(observed).Actions);
        Assert.Empty(plan.Actions);
        Assert.Empty(NodeQuestions.Of(held));
    }

    [Fact]
    public void Asks_for_a_node_once_its_pod_is_overdue_and_again_while_it_stays()
    {
        var observed = Overdue();

        var early = NodeQuestions.Of(observed with { Now = observed.Now.AddSeconds(-2) });

        Assert.Empty(early);
        Assert.Equal(["node-1-0"], NodeQuestions.Of(observed));
        Assert.Equal(TimeSpan.FromSeconds(30), new Planner().Plan(observed).Requeue);
    }

    [Fact]
    public void A_lost_node_costs_a_free_restart()
    {
        var world = new World().ToTraining();
        world.LostNodes.Add("node-1-0");
        world.Change("a1-1", p => p with { Phase = PodPhase.Unknown }).Settle();
        var reason = world.Status.LastFailure!.Reason;

        for (var i = 0; i < 10; i++)
        {
            world.End("a1-0", 43).Advance(20).Settle();
        }

        Assert.Equal("NodeLost", reason);
        Assert.Equal((0, 1), (world.Status.Budget.Counted, world.Status.Budget.Free));
        Assert.All(world.Living, p => Assert.Equal(2, p.Attempt));
    }

    private static Observed Overdue()
    {
        var world = new World().ToTraining();
        world.End("a1-0", 1).Settle();
        world.Advance(10 + 60 + 1);
        return world.Observe() with { Nodes = new Dictionary<string, NodeState>() };
    }
}
