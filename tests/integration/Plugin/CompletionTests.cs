using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Plugin;

/// <summary>The scripts of <c>completion</c>, in the shells that they are for.</summary>
public sealed class CompletionTests
{
    private static readonly string Folder = KubectlPlugin.Folder;

    [Fact]
    public async Task Bash_completes_commands_and_options()
    {
        var script = $$"""
            export PATH={{Folder}}:$PATH
            source <(codeparrot completion bash)
            COMP_WORDS=(codeparrot ro); COMP_CWORD=1
            _codeparrot
            printf '%s\n' "$(printf '%s ' "${COMPREPLY[@]}")"
            COMP_WORDS=(codeparrot rollback --to); COMP_CWORD=2
            _codeparrot
            printf '%s\n' "${COMPREPLY[*]}"
            source <(kubectl-codeparrot completion bash)
            COMP_WORDS=(kubectl-codeparrot doc); COMP_CWORD=1
            _kubectl_codeparrot
            printf '%s\n' "${COMPREPLY[*]}"
            """;

        var result = await ShellAsync("bash", script);

        Assert.Equal(["rollback ", "--to-step", "doctor"], result.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Zsh_completes_commands()
    {
        // zsh's own functions for completion take a terminal: those that the script calls say here what they get.
        var script = $$"""
            export PATH={{Folder}}:$PATH
            compdef() { :; }
            compadd() { print -l -- "${(@)candidates}"; }
            source <(codeparrot completion zsh)
            words=(codeparrot ro); CURRENT=2
            _codeparrot
            words=(codeparrot get ""); CURRENT=3
            _files() { print files; }
            _codeparrot
            """;

        var result = await ShellAsync("zsh", script);

        Assert.StartsWith("rollback\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fish_completes_commands()
    {
        var script = $"""
            set -x PATH {Folder} $PATH
            codeparrot completion fish | source
            complete -C 'codeparrot ro'
            complete -C 'codeparrot rollback --to'
            """;

        var result = await ShellAsync("fish", script);

        Assert.Equal(["rollback", "--to-step"], result.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Kubectl_gets_the_directive_that_it_expects()
    {
        var plugin = Path.Combine(Folder, "kubectl_complete-codeparrot");

        var result = await Programs.RunAsync(plugin, ["doc"]);

        Assert.Equal("doctor\n:4\n", result.Output);
    }

    private static async Task<ProgramResult> ShellAsync(string shell, string script)
    {
        var found = Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Any(p => File.Exists(Path.Combine(p, shell)));
        if (!found)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"no {shell}");
            Assert.Skip($"no {shell}");
        }

        var result = await Programs.RunAsync(shell, ["-c", script]);
        Assert.True(result.ExitCode == 0 && result.Errors.Length == 0, $"{result}");
        return result;
    }
}
