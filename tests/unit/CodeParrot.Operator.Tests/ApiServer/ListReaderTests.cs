using System.Text;
using System.Text.Json;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.ApiServer;

public class ListReaderTests
{
    [Fact]
    public async Task A_list_that_comes_in_many_pieces_is_read_whole()
    {
        // Longer than any buffer, and with names that lie across the ends of some.
        var items = Enumerable.Range(0, 100).Select(i => $$"""{"n":{{i}},"text":"{{new string('x', 1000 + i)}}"}""");
        var list = $$"""{"kind":"PodList","items":[{{string.Join(',', items)}}],"metadata":{"resourceVersion":"7"} }""";

        var page = await ReadAsync(list);

        Assert.Equal(Enumerable.Range(0, 100), page.Items.Select(i => i.GetProperty("n").GetInt32()));
        Assert.All(page.Items, i => Assert.True(i.GetProperty("text").GetString()!.Length >= 1000));
        Assert.Equal(("7", ""), (page.ResourceVersion, page.Continue));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"7","continue":"c"},"items":null}""")]
    [InlineData("""{"items":[],"other":{"items":[1]},"metadata":{"resourceVersion":"7","continue":"c"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"7","continue":"c"}}""")]
    public async Task A_list_may_have_no_objects(string list)
    {
        var page = await ReadAsync(list);

        Assert.Empty(page.Items);
        Assert.Equal(("7", "c"), (page.ResourceVersion, page.Continue));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"metadata":{"resourceVersion":"7"},"items":[{"a":1}""")]
    public async Task What_is_no_list_or_ends_half_way_is_refused(string list) =>
        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(list));

    private static async Task<ListPage> ReadAsync(string list)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(list));
        return await ListReader.ReadAsync(stream, TestContext.Current.CancellationToken);
    }
}
