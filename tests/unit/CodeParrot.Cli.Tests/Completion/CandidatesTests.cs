using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Completion;

namespace CodeParrot.Cli.Tests.Completion;

public sealed class CandidatesTests
{
    [Theory]
    [InlineData("ro", "rollback")]
    [InlineData("get -o j", "json")]
    [InlineData("completion f", "fish")]
    [InlineData("checkpoint ", "now")]
    public void Are_what_the_last_word_may_become(string line, string expected) =>
        Assert.Equal([expected], Of(Roots.OfMachine(), line).Where(c => !c.StartsWith('-')));

    [Fact]
    public void A_cluster_has_all_commands_of_a_machine_and_the_doctor()
    {
        var cluster = Of(Roots.OfCluster(), "");

        Assert.Empty(Of(Roots.OfMachine(), "").Where(c => !c.StartsWith('-')).Except(cluster));
        Assert.Contains("doctor", cluster);
        Assert.DoesNotContain("complete", cluster);
    }

    private static IReadOnlyList<string> Of(System.CommandLine.Command root, string line) =>
        Candidates.Of(root, line.Split(' '));
}
