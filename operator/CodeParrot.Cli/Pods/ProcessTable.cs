using System.Globalization;
using CodeParrot.Cli.State;

namespace CodeParrot.Cli.Pods;

/// <summary>Reads the kernel's list of processes.</summary>
internal static class ProcessTable
{
    // Fields of /proc/pid/stat behind the command's closing parenthesis (proc(5) counts them from 3).
    private const int StateField = 0;
    private const int SessionField = 3;
    private const int StartTimeField = 19;

    /// <summary>
    /// Start time of a living process in ticks since boot; null if there is none. A zombie does not live.
    /// </summary>
    public static long? StartTicks(int processId) =>
        Fields(processId) is { } fields && fields[StateField] != "Z"
            ? long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture)
            : null;

    /// <summary>Living processes of a session; none for 0, which no pod ever has.</summary>
    public static IReadOnlyList<int> Session(int sessionId)
    {
        if (sessionId <= 0)
        {
            // The kernel's threads are of session 0, and so are processes that entered a container from outside.
            return [];
        }

        var session = sessionId.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && Fields(id) is { } f && f[SessionField] == session && f[StateField] != "Z"),
        ];
    }

    private static string[]? Fields(int processId)
    {
        try
        {
            var text = AtomicFile.Read($"/proc/{processId}/stat");
            return text?[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // ESRCH: it ended between opening and reading.
            return null;
        }
    }
}
