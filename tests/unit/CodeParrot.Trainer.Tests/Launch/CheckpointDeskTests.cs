using CodeParrot.Trainer.Launch;

namespace CodeParrot.Trainer.Tests.Launch;

public class CheckpointDeskTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_request_is_handed_on_once_however_often_it_is_asked()
    {
        var desk = new CheckpointDesk(Tell);

        desk.Ask(null);
        desk.Ask(new("one", 1));
        desk.Ask(new("one", 1));
        desk.Ask(new("one", 2));
        desk.Ask(new("two", 3));
        desk.Ask(null);

        Assert.Equal(["one", "two"], _told);
    }

    [Fact]
    public void A_request_of_one_that_sees_an_old_resource_is_over()
    {
        var desk = new CheckpointDesk(Tell);

        desk.Ask(new("one", 2));
        desk.Ask(new("two", 3));
        desk.Ask(new("one", 2));
        // The same value again, by a person's own wish.
        desk.Ask(new("one", 4));

        Assert.Equal(["one", "two", "one"], _told);
    }

    [Fact]
    public void A_request_that_nobody_could_be_told_of_is_tried_again()
    {
        var isThere = false;
        var desk = new CheckpointDesk(nonce => isThere && Tell(nonce));

        desk.Ask(new("one", 1));
        isThere = true;
        desk.Ask(new("one", 1));

        Assert.Equal(["one"], _told);
    }

    private bool Tell(string nonce)
    {
        _told.Add(nonce);
        return true;
    }
}
