using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Watching;

public sealed class HeardVersionTests
{
    [Fact]
    public void Types_that_a_server_counts_apart_are_not_compared_for_ever()
    {
        var heard = new HeardVersion();
        heard.Hear(100);
        heard.Hear(null);

        var before = heard.Floor(7);
        heard.GiveUp();

        Assert.Equal((100UL, 7UL), (before, heard.Floor(7)));
        Assert.Null(heard.Floor(null));
    }
}
