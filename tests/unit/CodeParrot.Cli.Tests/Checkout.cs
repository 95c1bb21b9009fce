namespace CodeParrot.Cli.Tests;

/// <summary>Files of the checkout that the tests run from.</summary>
internal static class Checkout
{
    /// <summary>Text of a file.</summary>
    /// <param name="path">Its path below the root.</param>
    public static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder.FullName, path));
    }
}
