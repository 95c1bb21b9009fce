using System.ComponentModel;
using System.Diagnostics;

namespace CodeParrot.Integration.Tests.Storage;

/// <summary>
/// A small file system in memory, mounted on a folder. Where mounting is not allowed, the test that wants it skips, or
/// fails in CI.
/// </summary>
internal sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly string _folder;

    private SmallFileSystem(string folder) => _folder = folder;

    /// <param name="folder">An existing folder.</param>
    /// <param name="size">As mount(8) takes it: 1600k.</param>
    public static async Task<SmallFileSystem> MountAsync(string folder, string size)
    {
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) is { Length: > 0 } fault)
        {
            var why = $"a small file system cannot be mounted ({fault}): run as root";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", why);
            Assert.Skip(why);
        }

        return new SmallFileSystem(folder);
    }

    /// <summary>Makes room.</summary>
    public async Task GrowAsync(string size) =>
        Assert.Equal("", await RunAsync("mount", "-o", $"remount,size={size}", _folder));

    // Lazily: a failing test's processes may still have files open, and its own message is the one to be seen.
    public async ValueTask DisposeAsync() => Assert.Equal("", await RunAsync("umount", "--lazy", _folder));

    /// <summary>Runs a program and returns why it failed; nothing if it did not.</summary>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode}: {errors.Trim()}";
        }
        catch (Win32Exception absent)
        {
            return absent.Message;
        }
    }
}
