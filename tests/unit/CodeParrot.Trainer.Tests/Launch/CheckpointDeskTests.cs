using CodeParrot.Trainer.Launch;

namespace CodeParrot.Trainer.Tests.Launch;

public class CheckpointDeskTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_request_is_handed_on_once_however_often_it_is_asked()
    {
        var desk = new CheckpointDesk("uid", Tell);

        desk.Ask("uid", "");
        desk.Ask("uid", "one");
        desk.Ask("uid", "one");
        desk.Ask("uid", "two");
        desk.Ask("uid", "two");

        Assert.Equal(["one", "two"], _told);
    }

    [Fact]
    public void A_request_for_another_run_is_not_taken()
    {
        var desk = new CheckpointDesk("uid", Tell);

        desk.Ask("another", "one");
        desk.Ask("", "one");

        Assert.Empty(_told);
    }

    [Fact]
    public void A_value_longer_than_the_field_may_be_is_not_taken()
    {
        var desk = new CheckpointDesk("uid", Tell);

        desk.Ask("uid", new string('x', 65));
        desk.Ask("uid", new string('y', 64));

        Assert.Equal([new string('y', 64)], _told);
    }

    [Fact]
    public void A_request_that_nobody_could_be_told_of_is_tried_again()
    {
        var isThere = false;
        var desk = new CheckpointDesk("uid", nonce => isThere && Tell(nonce));

        desk.Ask("uid", "one");
        isThere = true;
        desk.Ask("uid", "one");

        Assert.Equal(["one"], _told);
    }

    private bool Tell(string nonce)
    {
        _told.Add(nonce);
        return true;
    }
}
