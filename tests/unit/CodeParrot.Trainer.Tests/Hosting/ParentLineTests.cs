using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Tests.Hosting;

public class ParentLineTests
{
    [Theory]
    [InlineData("now-1")]
    [InlineData("two\nlines, and \"quotes\"")]
    [InlineData("\u00fcber")]
    public void A_request_is_read_as_it_was_written(string nonce)
    {
        var line = new ParentLine();
        var request = new CheckpointRequest(nonce, 7);

        line.Read(new StringReader(ParentLine.Format(request) + "\n"));

        Assert.Equal(request, line.Request);
    }

    [Fact]
    public void The_newest_request_holds_and_a_line_that_was_cut_changes_nothing()
    {
        var line = new ParentLine();

        var lines = Enumerable.Range(1, 3).Select(i => ParentLine.Format(new($"request-{i}", i)) + "\n");
        line.Read(new StringReader(string.Concat(lines)[..^9]));

        Assert.Equal(new CheckpointRequest("request-2", 2), line.Request);
    }

    [Fact]
    public void Before_anything_is_said_there_is_no_request() => Assert.Null(new ParentLine().Request);
}
