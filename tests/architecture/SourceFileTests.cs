using System.Text.RegularExpressions;

namespace CodeParrot.Architecture.Tests;

public partial class SourceFileTests
{
    private const int MaxLines = 500;
    private const int MaxLineLength = 120;

    private static IEnumerable<string> Sources => Repository.Files.Where(f => f.EndsWith(".cs"));

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Assert.Empty(Sources.Where(f => Repository.Read(f).AsSpan().Count('\n') > MaxLines));

    [Fact]
    public void No_line_is_longer_than_120_characters() =>
        Assert.Empty(
            from file in Sources
            from line in Repository.Read(file).Split('\n').Index()
            where line.Item.Length > MaxLineLength && !line.Item.Contains("http")
            select $"{file}:{line.Index + 1}"
        );

    [Fact]
    public void Folders_are_named_after_features()
    {
        string[] banned = ["Utils", "Util", "Helpers", "Helper", "Models", "Managers", "Manager", "Common", "Misc"];

        Assert.Empty(Repository.Files.Where(f => f.Split('/')[..^1].Intersect(banned).Any()));
    }

    [Fact]
    public void Nothing_is_left_unfinished() => Assert.Empty(Matches(Sources.Where(NotThisFile), Unfinished()));

    [Fact]
    public void No_file_names_a_machine_s_path() => Assert.Empty(Matches(Texts.Where(NotThisFile), MachinePath()));

    [Fact]
    public void The_root_holds_only_what_belongs_there()
    {
        string[] expected =
        [
            "operator",
            "trainer",
            "charts",
            "crds",
            "tests",
            "docs",
            "CodeParrot.sln",
            "Dockerfile",
            "Makefile",
            "README.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "LICENSE",
            ".ci",
            ".config",
            "global.json",
            "Directory.Build.props",
            "Directory.Build.targets",
            "Directory.Packages.props",
            "BannedSymbols.txt",
            ".csharpierrc.yaml",
            ".csharpierignore",
            ".dockerignore",
            ".editorconfig",
            ".gitignore",
            ".gitattributes",
        ];

        Assert.Empty(Repository.Files.Select(f => f.Split('/')[0]).Distinct().Except(expected));
    }

    private static IEnumerable<string> Texts =>
        Repository.Files.Where(f => !f.EndsWith(".safetensors") && !f.EndsWith(".png") && !f.EndsWith(".jsonl"));

    private static bool NotThisFile(string file) => !file.EndsWith(nameof(SourceFileTests) + ".cs");

    private static IEnumerable<string> Matches(IEnumerable<string> files, Regex pattern) =>
        from file in files
        from line in Repository.Read(file).Split('\n').Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex("TODO|FIXME|HACK|NotImplementedException|#region")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(^|[^A-Za-z0-9.~_-])/(work|farm|root)/")]
    private static partial Regex MachinePath();
}
