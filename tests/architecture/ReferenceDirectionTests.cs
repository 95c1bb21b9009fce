using System.Xml.Linq;

namespace CodeParrot.Architecture.Tests;

public class ReferenceDirectionTests
{
    // Who may reference whom, and nothing else of ours: the table of docs/architecture.md.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contract"] = [],
        ["Storage"] = [],
        ["Model"] = [],
        ["Corpus"] = ["Storage"],
        ["Tokenizer"] = ["Storage"],
        ["Distributed"] = ["Contract"],
        ["Checkpoints"] = ["Contract", "Storage"],
        ["Training"] = ["Contract", "Storage", "Corpus", "Tokenizer", "Model", "Distributed", "Checkpoints"],
        ["Evaluation"] = ["Model", "Tokenizer", "Storage"],
        ["Trainer"] =
        [
            "Contract",
            "Storage",
            "Corpus",
            "Tokenizer",
            "Model",
            "Distributed",
            "Checkpoints",
            "Training",
            "Evaluation",
        ],
        ["Api"] = ["Contract"],
        ["Operator.Core"] = ["Api", "Contract"],
        ["Operator"] = ["Operator.Core", "Api"],
        ["Cli"] = ["Operator.Core", "Api"],
    };

    public static TheoryData<string> Projects =>
        [.. Repository.Files.Where(f => f.EndsWith(".csproj") && !f.StartsWith("tests/"))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_stands_below_it(string project)
    {
        var name = Name(project);
        var references = XDocument
            .Parse(Repository.Read(project))
            .Descendants("ProjectReference")
            .Select(r => Name(r.Attribute("Include")!.Value));

        Assert.True(Allowed.ContainsKey(name), $"{name} is not in the table of allowed references");
        Assert.Empty(references.Except(Allowed[name]));
    }

    [Fact]
    public void Every_project_has_a_test_project_of_its_own()
    {
        var tested = Repository.Files.Where(f => f.StartsWith("tests/unit/") && f.EndsWith(".csproj")).Select(Name);

        Assert.Empty(Allowed.Keys.Except(tested.Select(t => t.Replace(".Tests", ""))));
    }

    private static string Name(string project) =>
        Path.GetFileNameWithoutExtension(project.Replace('\\', '/')).Replace("CodeParrot.", "");
}
