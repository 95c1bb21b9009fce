namespace CodeParrot.Cli.Pods;

/// <summary>
/// A pod that a codeparrot which died had written down and not started: its folder is set aside, so that the name is
/// free again, and whatever shell of it comes late finds its claim taken.
/// </summary>
internal static class UnstartedPod
{
    /// <summary>True for a folder that was set aside.</summary>
    public static bool IsAside(PodFolder folder, PodRecord record) =>
        folder.Root.EndsWith(Suffix(record), StringComparison.Ordinal);

    /// <summary>Sets a folder aside, unless the pod's shell has begun.</summary>
    /// <returns>True where it is aside.</returns>
    public static bool TrySetAside(PodFolder folder, PodRecord record)
    {
        var claim = PodShell.ClaimOf(folder, record.Uid);
        if (Directory.Exists(claim))
        {
            return false;
        }

        Directory.CreateDirectory(claim);
        var aside = new PodFolder(folder.Root + Suffix(record));
        Directory.Move(folder.Root, aside.Root);
        Finish(aside, record);
        return true;
    }

    /// <summary>Does what is left to do once the folder was moved; doing it again changes nothing.</summary>
    public static void Finish(PodFolder aside, PodRecord record)
    {
        // The next pod of the name makes the folder anew, and a shell that comes only then would begin in it.
        var folder = new PodFolder(aside.Root[..^Suffix(record).Length]);
        Directory.CreateDirectory(PodShell.ClaimOf(folder, record.Uid));
        // Last: what is marked is not looked at again.
        aside.Write(record with { Removed = true });
    }

    private static string Suffix(PodRecord record) => $".{record.Uid}";
}
