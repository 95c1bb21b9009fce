using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Pods;

public sealed class PodEnvironmentTests
{
    [Fact]
    public void Speaks_pytorchs_names_and_ours()
    {
        var world = new World("workers.count=4", "workers.gpusPerPod=2", "workers.threads=3").ToTraining();
        var places = new PodPlaces
        {
            MasterAddress = "host",
            MasterPort = 29500,
            KeyFile = "/key",
            TerminationLog = "/log",
            Threads = 3,
        };

        var pod = PodBuilder.Build(world.Run, 1);
        var variables = PodEnvironment.Of(pod, places);

        Assert.Equal(3, pod.Threads);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["MASTER_ADDR"] = "host",
                ["MASTER_PORT"] = "29500",
                ["WORLD_SIZE"] = "4",
                ["LOCAL_WORLD_SIZE"] = "2",
                ["CODEPARROT_POD_INDEX"] = "1",
                ["CODEPARROT_RUN"] = "small",
                ["CODEPARROT_NAMESPACE"] = "default",
                ["CODEPARROT_RUN_UID"] = Runs.Uid,
                ["CODEPARROT_ATTEMPT"] = "1",
                ["CODEPARROT_BRANCH"] = "b1",
                ["CODEPARROT_RENDEZVOUS_KEY_FILE"] = "/key",
                ["CODEPARROT_TERMINATION_LOG"] = "/log",
                ["CODEPARROT_HTTP_PORT"] = "0",
                ["OMP_NUM_THREADS"] = "3",
            },
            variables
        );
    }

    [Theory]
    [InlineData("corpus", "launch -- corpus build --spec f")]
    [InlineData("tokenizer", "launch -- tokenizer train --spec f")]
    [InlineData("train", "launch -- train --spec f")]
    [InlineData("evaluate", "launch -- evaluate --spec f")]
    [InlineData("publish", "launch -- publish --spec f")]
    public void Every_stage_has_its_command(string stage, string words)
    {
        Assert.Equal(words, string.Join(' ', PodCommand.Arguments(new PodSpec { Stage = stage, SpecHash = "h" }, "f")));
    }

    [Fact]
    public void The_longest_name_still_makes_a_label()
    {
        var name = PodBuilder.NameOf(new string('a', 40), "tokenizer", 99999, 9999);

        Assert.True(name.Length <= 63);
    }
}
