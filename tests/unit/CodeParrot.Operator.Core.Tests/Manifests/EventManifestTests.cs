using System.Text;
using System.Text.Json.Nodes;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class EventManifestTests
{
    [Theory]
    [InlineData("x", 1024, 1024)]
    [InlineData("x", 1025, 1024)]
    [InlineData("é", 513, 1023)]
    [InlineData("🦜", 300, 1023)]
    public void A_note_keeps_to_the_servers_limit_and_whole_characters(string letter, int count, int bytes)
    {
        var text = string.Concat(Enumerable.Repeat(letter, count));

        var note = (string)Build(text)["note"]!;

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(note));
        Assert.DoesNotContain('\uFFFD', note);
        Assert.Equal(Encoding.UTF8.GetByteCount(text) > 1024, note.EndsWith('…'));
    }

    [Fact]
    public void Two_events_have_two_names_and_one_event_told_twice_has_one()
    {
        string[] names = [Name("a"), Name("a"), Name("b"), Name("a", seconds: 1)];

        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal(names[0], names[1]);
    }

    private static string Name(string text, int seconds = 0) => (string)Build(text, seconds)["metadata"]!["name"]!;

    private static JsonObject Build(string text, int seconds = 0) =>
        EventManifest.Build(
            ManifestRuns.Run(),
            new RecordEvent(Warning: false, "Reason", text),
            Runs.Start.AddSeconds(seconds),
            "operator-0"
        );
}
