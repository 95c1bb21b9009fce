using System.Diagnostics;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Plugin;

/// <summary><c>kubectl codeparrot</c> as a user types it: kubectl finds the plugin on the PATH.</summary>
/// <param name="kubeconfig">Who types.</param>
/// <param name="space">The namespace.</param>
internal sealed class KubectlPlugin(string kubeconfig, string space)
{
    /// <summary>Folder of the plugin's programs.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(Programs.CodeParrot)!;

    /// <summary>Runs a command to its end.</summary>
    public async Task<ProgramResult> RunAsync(params string[] words)
    {
        using var process = Start(words);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        Assert.True(await Programs.EndAsync(process), $"kubectl codeparrot {string.Join(' ', words)} does not end");
        return new ProgramResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a command that must work, and gives what it prints.</summary>
    public async Task<string> OutputAsync(params string[] words)
    {
        var result = await RunAsync(words);
        Assert.True(result.ExitCode == 0, $"kubectl codeparrot {string.Join(' ', words)}: {result}");
        return result.Output;
    }

    /// <summary>Starts a command whose streams the caller reads.</summary>
    public Process Start(params string[] words) =>
        Programs.Start(
            "/usr/bin/env",
            [
                $"PATH={Folder}:{Environment.GetEnvironmentVariable("PATH")}",
                $"KUBECONFIG={kubeconfig}",
                "kubectl",
                "codeparrot",
                "--namespace",
                space,
                .. words,
            ]
        );
}
