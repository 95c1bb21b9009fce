using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;

namespace CodeParrot.Api.Tests.Crd;

public sealed class CrdFileTests
{
    private const string FileName = "trainingruns.codeparrot.dev.yaml";

    private static string Committed => Path.Combine(RepositoryFolder.Crds, FileName);

    [Fact]
    public void The_committed_file_is_what_the_types_give()
    {
        var text = new StringWriter();

        CrdFile.Write(text);

        Assert.True(
            text.ToString() == File.ReadAllText(Committed),
            "crds/trainingruns.codeparrot.dev.yaml is stale: run make generate"
        );
    }

    [Fact]
    public void The_chart_s_copy_is_the_same() =>
        Assert.True(
            File.ReadAllText(Committed) == File.ReadAllText(Path.Combine(RepositoryFolder.Chart, "files", FileName)),
            "charts/codeparrot/files/trainingruns.codeparrot.dev.yaml is stale: run make generate"
        );

    [Fact]
    public void The_first_line_says_that_the_file_is_generated() =>
        Assert.StartsWith("# Generated", File.ReadLines(Committed).First(), StringComparison.Ordinal);

    [Fact]
    public void Printer_columns_are_scalars_of_their_field_s_type()
    {
        var version = CrdDocument.Create()["spec"]!["versions"]![0]!;
        var columns = version["additionalPrinterColumns"]!.AsArray();

        Assert.Equal(
            ["Phase", "Step", "Loss", "Workers", "Restarts", "Checkpoint", "ETA", "Age"],
            columns.Select(c => (string)c!["name"]!)
        );
        foreach (var column in columns.Where(c => (string)c!["type"]! != "date"))
        {
            var path = ((string)column!["jsonPath"]!)[1..];
            var field = SchemaPath.Find(SchemaTree.Root, path);
            Assert.True(field is not null, path);
            Assert.Equal((string)column["type"]!, SchemaTree.Type(field));
        }
    }

    [Fact]
    public void The_resource_has_its_names_and_a_status_of_its_own()
    {
        var crd = CrdDocument.Create();
        var spec = crd["spec"]!;

        Assert.Equal("trainingruns.codeparrot.dev", (string)crd["metadata"]!["name"]!);
        Assert.Equal("trun", (string)spec["names"]!["shortNames"]![0]!);
        Assert.Equal("Namespaced", (string)spec["scope"]!);
        Assert.IsType<JsonObject>(spec["versions"]![0]!["subresources"]!["status"]);
    }
}
