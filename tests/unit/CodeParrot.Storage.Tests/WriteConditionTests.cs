namespace CodeParrot.Storage.Tests;

public class WriteConditionTests
{
    private static readonly ObjectInfo Current = new("key", 1, "tag", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Holds_for_what_it_asks()
    {
        Assert.Equal(WriteCondition.Always, default);
        Assert.True(WriteCondition.Always.HoldsFor(null) && WriteCondition.Always.HoldsFor(Current));
        Assert.True(WriteCondition.IfAbsent.HoldsFor(null) && !WriteCondition.IfAbsent.HoldsFor(Current));
        Assert.True(WriteCondition.IfMatch("\"tag\"").HoldsFor(Current));
        Assert.False(WriteCondition.IfMatch("other").HoldsFor(Current) || WriteCondition.IfMatch("tag").HoldsFor(null));
    }

    [Fact]
    public void Wants_a_tag()
    {
        Assert.Throws<ArgumentException>(() => WriteCondition.IfMatch(""));
    }
}
