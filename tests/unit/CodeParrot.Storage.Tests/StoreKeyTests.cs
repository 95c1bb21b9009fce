namespace CodeParrot.Storage.Tests;

public class StoreKeyTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("runs/default/run 1/branches/main/step-000000100-a1/model.safetensors")]
    [InlineData("..data/...")]
    [InlineData("é/\U0001F600")]
    public void Allows_what_every_store_can_hold(string key)
    {
        StoreKey.Validate(key);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a", "leading")]
    [InlineData("a//b", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData("../a", "'..'")]
    [InlineData("a/./b", "'.'")]
    [InlineData("a\0", "control")]
    [InlineData("a\n", "control")]
    [InlineData("a/.codeparrot-store/b", "keeps for itself")]
    public void Names_the_rule_that_a_key_breaks(string key, string reason)
    {
        var fault = Assert.Throws<ArgumentException>(() => StoreKey.Validate(key));

        Assert.Contains(reason, fault.Message);
        Assert.DoesNotContain('\0', fault.Message);
    }

    [Fact]
    public void Refuses_half_a_character()
    {
        Assert.Contains("surrogates", Assert.Throws<ArgumentException>(() => StoreKey.Validate("a\ud800")).Message);
    }

    [Fact]
    public void Bounds_keys_and_segments_by_their_bytes()
    {
        StoreKey.Validate(new string('a', 255));
        StoreKey.Validate(string.Join('/', Enumerable.Repeat(new string('a', 203), 5)));

        Assert.Throws<ArgumentException>(() => StoreKey.Validate(new string('é', 128)));
        Assert.Throws<ArgumentException>(() => StoreKey.Validate(string.Join('/', Enumerable.Repeat("aaaa", 206))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/")]
    [InlineData("a/..")]
    public void Prefixes_may_end_anywhere(string prefix)
    {
        StoreKey.ValidatePrefix(prefix);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("a/../b")]
    public void Prefixes_may_not_leave_the_store(string prefix)
    {
        Assert.Throws<ArgumentException>(() => StoreKey.ValidatePrefix(prefix));
    }
}
