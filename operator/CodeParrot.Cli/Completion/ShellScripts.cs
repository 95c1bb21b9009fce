namespace CodeParrot.Cli.Completion;

/// <summary>Scripts for shells: each asks the program itself what may follow.</summary>
internal static class ShellScripts
{
    private const string Bash = """
        # bash completion of PROGRAM; load it with: source <(PROGRAM completion bash)
        _FUNCTION() {
            local IFS=$'\n'
            COMPREPLY=($(PROGRAM complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _FUNCTION PROGRAM

        """;

    private const string Zsh = """
        #compdef PROGRAM
        # zsh completion of PROGRAM; load it with: source <(PROGRAM completion zsh)
        _FUNCTION() {
            local -a candidates
            candidates=("${(@f)$(PROGRAM complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${candidates[1]}" ]]; then
                compadd -a candidates
            else
                _files
            fi
        }
        compdef _FUNCTION PROGRAM

        """;

    private const string Fish = """
        # fish completion of PROGRAM; load it with: PROGRAM completion fish | source
        function __FUNCTION
            set -l words (commandline -opc) (commandline -ct)
            PROGRAM complete -- $words[2..-1] 2>/dev/null
        end
        complete -c PROGRAM -a '(__FUNCTION)'

        """;

    /// <summary>Shells there are scripts for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <param name="program">Name that is typed.</param>
    public static string Of(string shell, string program)
    {
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => throw new ArgumentException($"no script for '{shell}'", nameof(shell)),
        };
        return script
            .ReplaceLineEndings("\n")
            .Replace("PROGRAM", program, StringComparison.Ordinal)
            .Replace("FUNCTION", program.Replace('-', '_'), StringComparison.Ordinal);
    }
}
