using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Watching;

public class StoreTests
{
    private static readonly ObjectKey Key = new("default", "a");
    private readonly List<RunKey> _told = [];
    private readonly Store<string> _store;

    public StoreTests() => _store = new Store<string>(_told.Add);

    private string? Kept => _store.All().SingleOrDefault()?.Value;

    [Fact]
    public void What_was_written_is_there_at_once_and_nobody_is_told()
    {
        _store.Foresee(Item("5", "own"));

        Assert.Equal("own", Kept);
        Assert.Equal(["own"], _store.Of(new RunKey("default", "r")));
        Assert.Empty(_told);
    }

    [Fact]
    public void What_the_watch_tells_from_before_does_not_undo_an_own_write()
    {
        _store.Set(Item("2", "predecessor"));
        _store.Foresee(Item("5", "own"));

        _store.Set(Item("3", "the predecessor has ended"));
        Assert.Equal("own", Kept);
        _store.Replace([Item("3", "the predecessor has ended")], "3");
        Assert.Equal("own", Kept);
        _store.Remove(Key, "4");
        Assert.Equal("own", Kept);
        _store.Replace([], "4");
        Assert.Equal("own", Kept);
    }

    [Fact]
    public void What_the_watch_tells_from_afterwards_counts()
    {
        _store.Foresee(Item("5", "own"));
        _store.Set(Item("5", "own"));
        _store.Set(Item("6", "it runs"));
        Assert.Equal("it runs", Kept);

        _store.Remove(Key, "7");
        Assert.Null(Kept);
    }

    [Fact]
    public void A_list_from_afterwards_without_it_says_that_it_is_gone()
    {
        _store.Foresee(Item("5", "own"));

        _store.Replace([], "6");

        Assert.Null(Kept);
    }

    [Fact]
    public void An_answer_that_comes_after_the_watch_brings_nothing_back()
    {
        _store.Set(Item("5", "own"));
        _store.Remove(Key, "6");

        _store.Foresee(Item("5", "own"));

        Assert.Null(Kept);
    }

    [Fact]
    public void A_server_that_was_put_back_from_a_backup_is_believed()
    {
        _store.Set(Item("100", "older"));
        _store.Foresee(Item("105", "own"));

        _store.Replace([Item("7", "from the backup")], "8");
        Assert.Equal("from the backup", Kept);
        _store.Set(Item("9", "goes on"));
        Assert.Equal("goes on", Kept);
    }

    private static CachedObject<string> Item(string version, string value) =>
        new(Key, new RunKey("default", "r"), version, value);
}
