using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.Places;

/// <summary>Finds the run that a command line means.</summary>
internal static class RunChoice
{
    /// <summary>The run of a name, or the only one there is when no name is given.</summary>
    /// <param name="all">Every run there is.</param>
    /// <param name="name"><c>name</c> or <c>namespace/name</c>; null for the only run.</param>
    /// <param name="where">Where was looked, as in <c>below /srv/runs</c>.</param>
    /// <param name="start">The command that starts a run.</param>
    /// <exception cref="UserMistakeException">There is none, or more than one.</exception>
    public static RunKey Of(IReadOnlyList<RunKey> all, string? name, string where, string start)
    {
        var found = all.Where(k => name is null || name == k.Name || name == k.ToString()).ToList();
        var known = all.Count == 0 ? "there is none" : "known are " + string.Join(", ", all);
        return found.Count switch
        {
            1 => found[0],
            0 when name is null => throw new UserMistakeException($"no run {where}; start one with: {start}"),
            0 => throw new UserMistakeException($"no run '{name}' {where}; {known}"),
            _ => throw new UserMistakeException($"more than one run fits; name one: {known}"),
        };
    }
}
