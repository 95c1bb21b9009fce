using System.Text;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Tests.Hosting;

public class TerminationLogTests
{
    [Fact]
    public void A_short_message_is_written_as_it_is()
    {
        var message = new TerminationMessage
        {
            Rank = 2,
            Message = "done",
            Outputs = Outputs("loss", "1.5"),
        };

        var read = RoundTrip(message);

        Assert.Equal("done", read.Message);
        Assert.Equal("1.5", read.Outputs["loss"]);
    }

    [Fact]
    public void Old_checkpoints_give_way_before_anything_else()
    {
        var checkpoints = Enumerable.Range(0, 100).Select(i => Checkpoint(100 - i)).ToList();
        var message = new TerminationMessage { Message = "stopped", Checkpoints = checkpoints };

        var read = RoundTrip(message);

        Assert.Equal("stopped", read.Message);
        Assert.Equal(100, read.Checkpoints[0].Step);
        Assert.InRange(read.Checkpoints.Count, 5, 99);
    }

    [Fact]
    public void A_list_of_what_is_stored_is_whole_or_not_there()
    {
        var names = Enumerable.Range(0, 300).Select(i => $"b1/step-{i:D9}-a1").ToList();

        Assert.Equal(names[..20], RoundTrip(new TerminationMessage { Stored = names[..20] }).Stored);
        Assert.Null(RoundTrip(new TerminationMessage { Stored = names, Message = "stopped" }).Stored);
        Assert.Equal("stopped", RoundTrip(new TerminationMessage { Stored = names, Message = "stopped" }).Message);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('€')]
    [InlineData('"')]
    public void Long_texts_are_cut_and_the_rest_is_kept(char letter)
    {
        var text = new string(letter, 20000);
        var message = new TerminationMessage
        {
            Rank = 1,
            Message = text,
            Outputs = Outputs("completion", text),
        };

        var read = RoundTrip(message);

        Assert.Equal(1, read.Rank);
        Assert.EndsWith("…", read.Message);
        Assert.EndsWith("…", read.Outputs["completion"]);
    }

    [Fact]
    public void A_message_that_cannot_be_cut_any_more_loses_its_outputs()
    {
        var outputs = Enumerable.Range(0, 200).ToDictionary(i => $"output-{i}", i => new string('x', 60));

        var read = RoundTrip(
            new TerminationMessage
            {
                Rank = 1,
                Message = "done",
                Outputs = outputs,
            }
        );

        Assert.Equal(1, read.Rank);
        Assert.Empty(read.Outputs);
    }

    private static TerminationMessage RoundTrip(TerminationMessage message)
    {
        var json = TerminationLog.Serialize(message);

        Assert.True(Encoding.UTF8.GetByteCount(json) <= TerminationMessage.MaxBytes);
        return JsonSerializer.Deserialize<TerminationMessage>(json, ContractJson.Compact)!;
    }

    private static Dictionary<string, string> Outputs(string name, string value) => new() { [name] = value };

    private static CheckpointSummary Checkpoint(long step) =>
        new($"step-{step:D9}-a1", "b1", step, 1.5, null, 1 << 20, new string('0', 64), DateTimeOffset.UnixEpoch);
}
