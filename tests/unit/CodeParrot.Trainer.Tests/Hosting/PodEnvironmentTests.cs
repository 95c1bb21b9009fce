using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Tests.Hosting;

public class PodEnvironmentTests
{
    [Fact]
    public void Without_an_operator_a_process_is_one_rank_on_its_own()
    {
        var environment = PodEnvironment.Read(_ => null);

        Assert.False(environment.HasOperator);
        Assert.Equal((0, 1, 1), (environment.Rank, environment.WorldSize, environment.Attempt));
        Assert.Equal("b1", environment.Branch);
        Assert.Equal(0, environment.PodGeneration);
    }

    [Fact]
    public void A_replacement_knows_how_many_came_before_it()
    {
        var variables = new Dictionary<string, string> { [EnvironmentNames.PodGeneration] = "3" };

        var environment = PodEnvironment.Read(variables.GetValueOrDefault);

        Assert.Equal(3, environment.PodGeneration);
    }

    [Fact]
    public void All_wrong_variables_are_named_at_once()
    {
        var variables = new Dictionary<string, string>
        {
            [EnvironmentNames.MasterPort] = "many",
            [EnvironmentNames.Attempt] = "-1",
            [EnvironmentNames.Rank] = "4",
            [EnvironmentNames.WorldSize] = "4",
        };

        var thrown = Assert.Throws<ManifestException>(() => PodEnvironment.Read(variables.GetValueOrDefault));

        Assert.Equal(
            [EnvironmentNames.Attempt, EnvironmentNames.MasterPort, EnvironmentNames.Rank],
            thrown.Mistakes.Select(m => m.Path).Order()
        );
    }
}
