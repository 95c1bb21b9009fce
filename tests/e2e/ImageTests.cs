using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Images;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>The images that were built on this machine, on a base of the distribution's packages.</summary>
public sealed class ImageTests
{
    private const string Program = "codeparrot-operator";

    /// <summary>Image, and the program in it.</summary>
    public static TheoryData<string, string> Images => new() { { "operator", Program }, { "trainer-cpu", "trainer" } };

    /// <summary>What could be wrong with an image, and the complaint about it.</summary>
    public static TheoryData<string, string> Bugs =>
        new()
        {
            { "root", "runs as 0" },
            { "shell in front", "starts [\"/bin/sh\",\"-c\",\"/app/codeparrot-operator\"]" },
            { "no revision", "has no label org.opencontainers.image.revision" },
            { "shell", "holds the tool usr/bin/sh" },
            { "set-user", "usr/bin/mount raises privileges" },
            { "writable", "app/codeparrot-operator can be changed" },
            { "owned by its user", "app/codeparrot-operator can be changed" },
            { "not executable", "cannot start /app/codeparrot-operator" },
            { "package not listed", "does not list KubernetesClient@" },
        };

    [Theory]
    [MemberData(nameof(Images))]
    public async Task An_image_runs_as_nobody_holds_no_tools_and_lists_its_packages(string image, string program) =>
        Assert.Empty(ImageRules.Mistakes(await ReadAsync(image), program));

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_bug_in_an_image_is_found(string bug, string complaint)
    {
        var image = await ReadAsync("operator");

        var mistakes = ImageRules.Mistakes(Plant(image, bug), Program);

        Assert.StartsWith(complaint, Assert.Single(mistakes), StringComparison.Ordinal);
    }

    private static ImageArchive Plant(ImageArchive image, string bug)
    {
        var config = image.Config["config"]!;
        var files = image.Files.ToDictionary();
        var texts = image.Texts.ToDictionary();
        var (main, list) = ($"app/{Program}", $"app/{Program}.cdx.json");
        var (mode, uid) = files[main];
        switch (bug)
        {
            case "root":
                config["User"] = "0";
                break;
            case "shell in front":
                config["Entrypoint"] = new JsonArray("/bin/sh", "-c", $"/{main}");
                break;
            case "no revision":
                config["Labels"]!.AsObject().Remove("org.opencontainers.image.revision");
                break;
            case "shell":
                files["usr/bin/sh"] = (mode, 0);
                break;
            case "set-user":
                files["usr/bin/mount"] = (mode | UnixFileMode.SetUser, 0);
                break;
            case "writable":
                files[main] = (mode | UnixFileMode.OtherWrite, uid);
                break;
            case "owned by its user":
                files[main] = (mode, 65532);
                break;
            case "not executable":
                files[main] = (mode & ~UnixFileMode.OtherExecute, uid);
                break;
            case "package not listed":
                var document = JsonNode.Parse(texts[list])!;
                var components = document["components"]!.AsArray();
                components.Remove(components.Single(c => (string?)c!["name"] == "KubernetesClient"));
                texts[list] = document.ToJsonString();
                break;
            default:
                throw new ArgumentException($"no bug {bug}");
        }

        return image with
        {
            Files = files,
            Texts = texts,
        };
    }

    private static Task<ImageArchive> ReadAsync(string image)
    {
        var options = EndToEndOptions.Read();
        Assert.SkipUnless(options.OwnNode, "images of another cluster are not built here");
        return ImageArchive.ReadAsync(Path.Combine(Programs.Root, options.Archives, $"{image}.tar"));
    }
}
