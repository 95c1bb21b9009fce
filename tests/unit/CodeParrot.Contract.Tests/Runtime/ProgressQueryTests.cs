using System.Web;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Contract.Tests.Runtime;

public class ProgressQueryTests
{
    [Theory]
    [InlineData("now-1")]
    [InlineData("a & b=c?\n\u00fc")]
    public void A_request_is_read_as_it_was_asked(string nonce)
    {
        var request = new CheckpointRequest(nonce, 7);

        Assert.Equal(request, Read("uid", ProgressQuery.Of("uid", request)));
    }

    [Fact]
    public void A_question_without_a_request_has_no_query()
    {
        Assert.Equal("", ProgressQuery.Of("uid", null));
        Assert.Null(Read("uid", ""));
    }

    [Theory]
    [InlineData("?run=another&generation=1&checkpoint=now")]
    [InlineData("?generation=1&checkpoint=now")]
    [InlineData("?run=uid&checkpoint=now")]
    [InlineData("?run=uid&generation=-1&checkpoint=now")]
    [InlineData("?run=uid&generation=1&checkpoint=")]
    public void What_is_not_whole_or_not_for_this_run_is_no_request(string query) => Assert.Null(Read("uid", query));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_value_is_no_longer_than_the_field_may_be(int length, bool isTaken)
    {
        var query = ProgressQuery.Of("uid", new CheckpointRequest(new string('x', length), 1));

        Assert.Equal(isTaken, Read("uid", query) is not null);
    }

    private static CheckpointRequest? Read(string runUid, string query)
    {
        var parameters = HttpUtility.ParseQueryString(query);
        return ProgressQuery.Read(runUid, name => parameters[name]);
    }
}
