using CodeParrot.Cli.Pods;

namespace CodeParrot.Cli.Tests.Pods;

public sealed class FollowedFileTests
{
    [Fact]
    public async Task Gives_whole_lines_as_they_come_and_the_rest_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "log");
        // Cut within a character.
        byte[][] parts =
        [
            [.. "one\n\ntw\u00e9"u8.ToArray()[..8]],
            [0xa9, .. "o\nthree"u8.ToArray()],
        ];
        var written = 0;
        bool IsOver()
        {
            using var file = new FileStream(path, FileMode.Append);
            file.Write(parts[written++]);
            return written == parts.Length;
        }

        List<string> lines = [];
        await foreach (
            var line in new FollowedFile(path, IsOver, TimeProvider.System).LinesAsync(
                TestContext.Current.CancellationToken
            )
        )
        {
            lines.Add(line);
        }

        Assert.Equal(["one", "", "tw\u00e9o", "three"], lines);
    }

    [Fact]
    public async Task A_file_that_never_comes_has_no_lines()
    {
        var none = new FollowedFile("/nonexistent/log", () => true, TimeProvider.System);

        Assert.Empty(await none.LinesAsync(TestContext.Current.CancellationToken).ToListAsync());
    }
}
