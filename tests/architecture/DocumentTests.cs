using System.Text.RegularExpressions;

namespace CodeParrot.Architecture.Tests;

public partial class DocumentTests
{
    private static IEnumerable<string> Documents => Repository.Files.Where(f => f.EndsWith(".md"));

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var dead =
            from document in Documents
            from Match link in Link().Matches(Repository.Read(document))
            let target = link.Groups[1].Value
            where !target.StartsWith("http") && !target.StartsWith('#')
            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target.Split('#')[0])
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{document}: {target}";

        Assert.Empty(dead);
    }

    [Fact]
    public void The_readme_is_short() => Assert.True(Repository.Read("README.md").Split('\n').Length <= 250);

    [Fact]
    public void The_readme_s_tree_is_the_tree()
    {
        var listed = Tree().Match(Repository.Read("README.md")).Groups[1].Value;
        var folders = listed
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Trim().Split(' ')[0].TrimEnd('/'))
            .Where(f => f.Length > 0)
            .ToHashSet();
        var projects = Repository
            .Files.Where(f => f.EndsWith(".csproj") && !f.StartsWith("tests/"))
            .Select(f => Path.GetDirectoryName(f)!.Replace('\\', '/'));

        Assert.Empty(projects.Except(folders));
        Assert.Empty(folders.Where(f => !Directory.Exists(Path.Combine(Repository.Root, f))));
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_titled()
    {
        var numbers = Repository
            .Files.Where(f => f.StartsWith("docs/decisions/"))
            .Select(f => int.Parse(Path.GetFileName(f)[..4]))
            .Order()
            .ToList();

        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public void Every_make_target_of_a_document_is_one_that_make_has()
    {
        var targets = Target().Matches(Repository.Read("Makefile")).Select(m => m.Groups[1].Value).ToHashSet();
        var named = Documents
            .Where(d => d != "CHANGELOG.md")
            .SelectMany(d => MakeCommand().Matches(Repository.Read(d)).Select(m => m.Groups[1].Value))
            .Distinct();

        Assert.Empty(named.Except(targets));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"<!-- tree -->\s*```[a-z]*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Tree();

    [GeneratedRegex(@"^([a-z][a-z0-9-]*):", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"(?:^|`)make ([a-z][a-z0-9-]*)", RegexOptions.Multiline)]
    private static partial Regex MakeCommand();
}
