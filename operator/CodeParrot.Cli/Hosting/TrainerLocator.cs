namespace CodeParrot.Cli.Hosting;

/// <summary>Finds the trainer's executable.</summary>
internal static class TrainerLocator
{
    /// <summary>Environment variable that names the trainer's executable.</summary>
    public const string Variable = "CODEPARROT_TRAINER";

    /// <summary>
    /// The trainer: named by the environment, beside codeparrot, in the build's output, or on the PATH.
    /// </summary>
    /// <param name="environment">Reads a variable; null for one that is not set.</param>
    /// <param name="baseFolder">Folder of codeparrot's own program files.</param>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public static string Find(Func<string, string?> environment, string baseFolder)
    {
        if (environment(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new UserMistakeException($"{Variable} names {named}, which does not exist");
        }

        var configuration = Path.GetFileName(baseFolder.TrimEnd('/'));
        string[] beside =
        [
            Path.Combine(baseFolder, "trainer"),
            Path.Combine(baseFolder, "../trainer/trainer"),
            Path.Combine(baseFolder, "../../CodeParrot.Trainer", configuration, "trainer"),
        ];
        var path = (environment("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var found = beside.Concat(path.Select(p => Path.Combine(p, "trainer"))).FirstOrDefault(File.Exists);
        return found is not null
            ? Path.GetFullPath(found)
            : throw new UserMistakeException(
                $"no trainer beside codeparrot or on the PATH; run `make build`, or let {Variable} name it"
            );
    }
}
