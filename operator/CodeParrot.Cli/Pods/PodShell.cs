using System.Diagnostics;

namespace CodeParrot.Cli.Pods;

/// <summary>
/// Starts a pod's process below a small shell that writes its exit code to a file, so that the code is known even when
/// codeparrot itself was killed in the meantime.
/// </summary>
internal static class PodShell
{
    // $1 claim, $2 folder, then the command. The claim is a folder because making one is atomic: a codeparrot that was
    // restarted takes it to be sure that a pod whose process id it never learnt will not start any more. The loop is
    // there because a trapped signal ends `wait` early.
    private const string Script = """
        mkdir "$1" 2>/dev/null || exit 97
        folder=$2
        shift 2
        exec 2>> "$folder/stderr.log"
        echo $$ > "$folder/pid.tmp" && mv "$folder/pid.tmp" "$folder/pid"
        child= stop=
        trap 'stop=1; [ -z "$child" ] || kill -TERM $child 2>/dev/null' TERM
        "$@" >> "$folder/stdout.log" < /dev/null &
        child=$!
        [ -z "$stop" ] || kill -TERM $child
        trap '' INT HUP
        while :; do
          wait $child
          code=$?
          kill -0 $child 2>/dev/null || break
        done
        echo $code > "$folder/exit.tmp" && mv "$folder/exit.tmp" "$folder/exit"
        """;

    /// <summary>The folder that the pod's shell makes before anything else.</summary>
    public static string ClaimOf(PodFolder folder, string uid) => Path.Combine(folder.Root, "claim-" + uid);

    /// <summary>Starts the pod in a session of its own: Ctrl-C on the terminal does not reach it.</summary>
    public static Process Start(
        PodFolder folder,
        string uid,
        string executable,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false };
        string[] shell = ["/bin/sh", "-c", Script, "pod", ClaimOf(folder, uid), folder.Root, executable];
        foreach (var word in shell.Concat(arguments))
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)
            ?? throw new InvalidOperationException("setsid did not start; is util-linux installed?");
    }
}
