namespace CodeParrot.Api.Tests.Crd;

/// <summary>Folders of the repository that the tests were built in.</summary>
internal static class RepositoryFolder
{
    /// <summary>The generated definition and the samples.</summary>
    public static string Crds => Path.Combine(Root(), "crds");

    /// <summary>The Helm chart.</summary>
    public static string Chart => Path.Combine(Root(), "charts", "codeparrot");

    /// <summary>Manifests and what a Kubernetes API server said of them.</summary>
    public static string Cel => Path.Combine(Root(), "tests", "cluster", "cel");

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CodeParrot.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no CodeParrot.sln above");
        }

        return folder;
    }
}
