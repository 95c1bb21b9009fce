using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>
/// Every policy's story before a real API server, by an operator that has the chart's rights and no others.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class StoryTests(StoryFixture stories) : IClassFixture<StoryFixture>
{
    public static TheoryData<string> Names => StoryFixture.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_story_holds(string name) => stories.EndOfAsync(name);

    [Fact]
    public async Task The_operator_asks_for_nothing_that_the_chart_s_roles_do_not_give()
    {
        await stories.EndOfAllAsync();

        var refused = stories.Requests.Where(r => r.Contains("code=\"403\"", StringComparison.Ordinal));
        Assert.True(
            !refused.Any(),
            $"{string.Join('\n', refused)}\n{string.Join('\n', stories.Operator.LogOf("Warning"))}"
        );
    }

    [Fact]
    public async Task The_chart_s_roles_give_nothing_that_the_operator_does_not_ask_for()
    {
        await stories.EndOfAllAsync();
        Assert.SkipWhen(stories.IsPartial, "not all stories were told");

        var granted = new[] { "operator", "node-reader", "leader" }.SelectMany(OperatorAccount.Rules);
        var used = stories.Requests.Select(RequestLine.Parse).Where(r => r.Code != 403).ToHashSet();
        var idle =
            from rule in granted
            from resource in rule.Resources
            from verb in rule.Verbs
            where !used.Any(u => u.Resource == resource.Split('/')[0] && u.Verb == verb)
            select $"{verb} {resource}";
        // Owner references need it where the server asks for it; nothing is written there.
        Assert.Empty(idle.Except(["update trainingruns/finalizers"]));
    }

    [Fact]
    public async Task No_pass_hits_a_bug()
    {
        await stories.EndOfAllAsync();

        Assert.Empty(stories.Operator.LogOf("Error"));
        stories.CheckGangs();
    }
}
