using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Tests.Observation;

public sealed class HearsayTests
{
    [Fact]
    public void A_message_of_nulls_says_nothing_and_harms_nobody()
    {
        var said = Message("""{"class":null,"message":null,"checkpoints":null,"outputs":null,"checkpoint":null}""");

        Assert.Equal(("", "", ""), (said.Class, said.Message, said.Checkpoint));
        Assert.Empty(said.Checkpoints);
        Assert.Empty(said.Outputs);
    }

    [Fact]
    public void What_no_status_may_hold_is_cut_or_left_out()
    {
        var text = new string('x', 4000);
        var said = Message(
            $$"""
            {
              "rank": -7, "step": 9223372036854775807, "class": "{{text}}", "message": "{{text}}",
              "checkpoints": [
                null, {}, { "name": "{{text}}", "branch": "b1", "digest": "d" },
                { "name": "c", "branch": "b1", "digest": "d", "step": -1 },
                { "name": "c", "branch": "b1", "digest": "d", "step": 5 }
              ],
              "outputs": { "a": null, "published": "{{text}}", "b": "c" }
            }
            """
        );

        Assert.Equal((-1, 9007199254740991, 128), (said.Rank, said.Step, said.Class.Length));
        Assert.Equal(text, said.Message);
        Assert.Equal(5, Assert.Single(said.Checkpoints).Step);
        Assert.Equal(KeyValuePair.Create("b", "c"), Assert.Single(said.Outputs));
    }

    [Fact]
    public void An_answer_s_figures_are_those_that_a_status_may_hold()
    {
        var said = Progress(
            """
            {
              "runUid": null, "stage": null, "step": -1, "maxSteps": 9223372036854775807, "tokens": -5,
              "checkpoint": {}, "ranks": [null, { "rank": -3 }, { "rank": 1, "state": null }]
            }
            """
        );

        Assert.Equal(
            ("", "", 0L, 9007199254740991, 0L),
            (said.RunUid, said.Stage, said.Step, said.MaxSteps, said.Tokens)
        );
        Assert.Null(said.Checkpoint);
        Assert.Equal((1, ""), (Assert.Single(said.Ranks).Rank, said.Ranks[0].State));
        Assert.Empty(Progress("""{"ranks":null}""").Ranks);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("""{"nonce":null,"checkpoint":"b1/c1"}""", null)]
    [InlineData("""{"nonce":"now"}""", null)]
    [InlineData("""{"nonce":"now","checkpoint":"b1/c1"}""", "b1/c1")]
    public void A_served_request_is_heard_when_it_is_whole(string json, string? checkpoint)
    {
        Assert.Equal(checkpoint, Progress($$"""{"servedRequest":{{json}}}""").ServedRequest?.Checkpoint);
        Assert.Equal(checkpoint, Message($$"""{"servedRequest":{{json}}}""").ServedRequest?.Checkpoint);
        var endless = json.Replace("now", new string('x', 65), StringComparison.Ordinal);
        Assert.Null(Progress($$"""{"servedRequest":{{endless}}}""").ServedRequest);
    }

    [Fact]
    public void What_an_honest_pod_says_stays_as_it_is()
    {
        var checkpoint = Runs.Checkpoint(10);
        var said = new TerminationMessage
        {
            Rank = 3,
            Step = 10,
            Class = "Diverged",
            Message = "the loss is no number",
            Checkpoints = [checkpoint],
        };

        var heard = Hearsay.Of(said);

        Assert.Equal((3, 10L, "Diverged", said.Message), (heard.Rank, heard.Step, heard.Class, heard.Message));
        Assert.Equal([checkpoint], heard.Checkpoints);
    }

    private static TerminationMessage Message(string json) =>
        Hearsay.Of(JsonSerializer.Deserialize<TerminationMessage>(json, ContractJson.Compact)!);

    private static RunProgress Progress(string json) =>
        Hearsay.Of(JsonSerializer.Deserialize<RunProgress>(json, ContractJson.Compact)!);
}
