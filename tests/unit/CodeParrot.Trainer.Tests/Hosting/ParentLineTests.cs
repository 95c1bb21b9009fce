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

        line.Read(new StringReader(ParentLine.Format(nonce) + "\n"));

        Assert.Equal(nonce, line.RequestNonce);
    }

    [Fact]
    public void The_newest_request_holds_and_a_line_that_was_cut_changes_nothing()
    {
        var line = new ParentLine();

        line.Read(new StringReader("\"one\"\n\"two\"\n\"thr"));

        Assert.Equal("two", line.RequestNonce);
    }

    [Fact]
    public void Before_anything_is_said_there_is_no_request() => Assert.Equal("", new ParentLine().RequestNonce);
}
