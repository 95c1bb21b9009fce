using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Images;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>The images that were built on this machine, on a base of the distribution's packages.</summary>
public sealed class ImageTests
{
    private static readonly string[] _tools =
    [
        "sh",
        "bash",
        "busybox",
        "apt",
        "apt-get",
        "dpkg",
        "cc",
        "gcc",
        "ld",
        "make",
        "dotnet",
        "python3",
        "createdump",
    ];

    /// <summary>Image, and the program in it.</summary>
    public static TheoryData<string, string> Images =>
        new() { { "operator", "codeparrot-operator" }, { "trainer-cpu", "trainer" } };

    [Theory]
    [MemberData(nameof(Images))]
    public async Task An_image_runs_its_program_as_nobody_and_says_what_it_is(string image, string program)
    {
        var archive = await ReadAsync(image);

        var config = archive.Config["config"]!;
        Assert.Equal("65532:65532", (string?)config["User"]);
        Assert.Equal($"/app/{program}", (string?)config["Entrypoint"]!.AsArray().Single());
        Assert.StartsWith("/app:", PathOf(config), StringComparison.Ordinal);
        var labels = config["Labels"]!;
        string[] names = ["title", "description", "licenses", "version", "revision", "created"];
        Assert.All(names, n => Assert.NotEqual("", (string?)labels[$"org.opencontainers.image.{n}"] ?? ""));
        Assert.True(archive.Files[$"app/{program}"].Mode.HasFlag(UnixFileMode.OtherExecute));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task Nothing_in_an_image_builds_installs_or_raises_privileges(string image, string program)
    {
        var archive = await ReadAsync(image);

        var names = archive.Files.Keys.Select(f => f.Split('/')[^1]);
        Assert.Empty(names.Intersect(_tools));
        Assert.Empty(
            archive
                .Files.Where(f => (f.Value.Mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != UnixFileMode.None)
                .Select(f => f.Key)
        );
        // Whoever gets into the program must not change it.
        var ours = archive.Files.Where(f => f.Key.StartsWith("app/", StringComparison.Ordinal)).ToList();
        Assert.Contains(ours, f => f.Key == $"app/{program}");
        Assert.All(ours, f => Assert.Equal(0, f.Value.Uid));
        Assert.Empty(
            ours.Where(f => (f.Value.Mode & (UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != UnixFileMode.None)
                .Select(f => f.Key)
        );
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task An_image_lists_every_package_that_it_holds(string image, string program)
    {
        var archive = await ReadAsync(image);

        // What the runtime loads by is written by the SDK, the list by us.
        var loaded = JsonNode.Parse(archive.Texts[$"app/{program}.deps.json"])!["libraries"]!
            .AsObject()
            .Where(l => (string?)l.Value!["type"] is "package" or "runtimepack")
            .Select(l => l.Key.Replace("runtimepack.", "", StringComparison.Ordinal).Replace('/', '@'))
            .ToList();
        var components = JsonNode.Parse(archive.Texts[$"app/{program}.cdx.json"])!["components"]!.AsArray();

        Assert.Empty(loaded.Except(components.Select(c => $"{c!["name"]}@{c["version"]}")));
        Assert.All(components, c => Assert.NotNull(c!["licenses"]));
        Assert.All(components, c => Assert.Equal(128, ((string)c!["hashes"]![0]!["content"]!).Length));
    }

    private static string PathOf(JsonNode config) =>
        config["Env"]!.AsArray().Select(v => (string)v!).Single(v => v.StartsWith("PATH=", StringComparison.Ordinal))[
            5..
        ];

    private static Task<ImageArchive> ReadAsync(string image)
    {
        var options = EndToEndOptions.Read();
        Assert.SkipUnless(options.OwnNode, "images of another cluster are not built here");
        return ImageArchive.ReadAsync(Path.Combine(Programs.Root, options.Archives, $"{image}.tar"));
    }
}
