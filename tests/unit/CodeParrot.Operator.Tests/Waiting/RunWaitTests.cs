using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Waiting;

namespace CodeParrot.Operator.Tests.Waiting;

public class RunWaitTests
{
    private const string Succeeds = """{ "phase": "Succeeded" }""";

    private const string Fails = """
        { "phase": "Failed", "conditions": [{ "type": "Failed", "status": "True", "reason": "PermanentFailure",
          "message": "the store is full", "observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z" }] }
        """;

    private const string IsRefused = """
        { "phase": "Pending", "conditions": [{ "type": "Accepted", "status": "False", "reason": "InvalidSpec",
          "message": "spec.store.uri: must be set", "observedGeneration": 1,
          "lastTransitionTime": "2026-01-01T00:00:00Z" }] }
        """;

    private const string Trains = """
        { "phase": "Running", "progress": { "stage": "train", "step": 10, "maxSteps": 20 } }
        """;

    private readonly StringBuilder _said = new();

    [Theory]
    [InlineData(Succeeds, 0, "Succeeded")]
    [InlineData(Fails, 1, "the store is full")]
    [InlineData(IsRefused, 1, "spec.store.uri")]
    [InlineData(Trains, 1, "train step 10 of 20")]
    public void It_ends_as_the_run_does(string status, int code, string said)
    {
        var ended = Wait(
            async (time, server) =>
            {
                await server.CreateAsync(ResourceType.TrainingRuns, Loops.Run("small"), default);
                await Task.Delay(TimeSpan.FromSeconds(5), time, default);
                server.Edit(ResourceType.TrainingRuns, "small", r => r["status"] = JsonNode.Parse(status));
            }
        );

        Assert.Equal(code, ended);
        Assert.Contains(said, $"{_said}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_there_yet_and_a_right_that_is_not_are_waited_for()
    {
        var ended = Wait(
            async (time, server) =>
            {
                server.Before = _ => throw new ApiServerException(HttpStatusCode.Forbidden, "Forbidden", "may not");
                await Task.Delay(TimeSpan.FromSeconds(5), time, default);
                server.Before = _ => Task.CompletedTask;
                await Task.Delay(TimeSpan.FromSeconds(5), time, default);
                var run = Loops.Run("small");
                run["status"] = JsonNode.Parse(Succeeds);
                await server.CreateAsync(ResourceType.TrainingRuns, run, default);
            }
        );

        Assert.Equal(0, ended);
        Assert.Equal(
            ["the server said: may not", "there is no such run yet", "Succeeded"],
            $"{_said}".Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
    }

    [Fact]
    public void A_run_that_never_comes_is_given_up()
    {
        var ended = Wait((_, _) => Task.CompletedTask);

        Assert.Equal(1, ended);
        Assert.Contains("did not end within 00:01:00", $"{_said}", StringComparison.Ordinal);
    }

    private int Wait(Func<VirtualTime, MemoryServer, Task> play)
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);
        using var output = new StringWriter(_said) { NewLine = "\n" };
        var code = -1;
        VirtualThread.Run(
            time,
            async () =>
            {
                var options = new WaitOptions
                {
                    Run = "small",
                    Namespace = "default",
                    Timeout = TimeSpan.FromMinutes(1),
                };
                var waiting = new RunWait(server, time, output).UntilEndAsync(options, default);
                await play(time, server);
                code = await waiting;
            }
        );
        return code;
    }
}
