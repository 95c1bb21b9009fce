using System.CommandLine;
using CodeParrot.Operator.Hosting;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>What the chart tells the operator, read by the operator itself.</summary>
public sealed class OperatorArgumentsTests
{
    public static TheoryData<string> Names => ValuesTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_operator_understands_its_arguments(string name)
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of(name));
        var settings = new OperatorSettings(_ => null);
        var root = new RootCommand();
        settings.All.ToList().ForEach(root.Options.Add);

        var parsed = root.Parse(chart.Arguments);

        Assert.Empty(parsed.Errors.Select(e => e.Message));
        var options = settings.Bind(parsed, "me");
        Assert.Empty(options.Validate());
        Assert.True(options.LeaderElect);
        Assert.Equal("codeparrot-system", options.OwnNamespace);
        var ports = chart.Container["ports"]!
            .AsArray()
            .ToDictionary(p => (string)p!["name"]!, p => (int)p!["containerPort"]!);
        Assert.Equal((ports["metrics"], ports["health"]), settings.Ports(parsed));
    }
}
