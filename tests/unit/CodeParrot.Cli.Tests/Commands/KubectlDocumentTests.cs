using System.Text.RegularExpressions;
using CodeParrot.Cli.Commands;

namespace CodeParrot.Cli.Tests.Commands;

/// <summary>docs/kubectl.md has a row for each command, and none for another.</summary>
public sealed partial class KubectlDocumentTests
{
    [Fact]
    public void Every_command_has_a_row_and_every_row_a_command()
    {
        var rows = Rows().Matches(Checkout.Read("docs/kubectl.md")).SelectMany(r => Words().Matches(r.Groups[1].Value));
        var written = rows.Select(w => w.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

        var commands = Roots.OfCluster().Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        Assert.Equal(commands.Order(StringComparer.Ordinal), written);
    }

    [GeneratedRegex("^\\| (`[a-z][^|]*) \\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([a-z]+)[^`]*`")]
    private static partial Regex Words();
}
