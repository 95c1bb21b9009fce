using System.Text.Json.Nodes;
using CodeParrot.Cli.Plugin;

namespace CodeParrot.Cli.Tests.Plugin;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "{}")]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":3}}""")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2}""", """{"a":null}""")]
    [InlineData("""{"b":2}""", """{"a":{"c":[1]},"b":2}""", """{"a":{"c":[1]}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", """{"a":[1]}""")]
    public void Holds_what_is_another(string before, string after, string patch) =>
        Assert.Equal(patch, MergePatch.Between(Object(before), Object(after)).ToJsonString());

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
}
