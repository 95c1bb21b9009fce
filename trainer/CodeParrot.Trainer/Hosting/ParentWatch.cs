namespace CodeParrot.Trainer.Hosting;

/// <summary>
/// Ends a rank whose pod's first process was killed: nobody would collect it, and it would hold ports and memory.
/// </summary>
internal static class ParentWatch
{
    /// <summary>Set by <c>trainer launch</c>, which keeps our standard input open as long as it lives.</summary>
    public const string Variable = "CODEPARROT_PARENT_ON_STDIN";

    public static void Start(Func<string, string?> variable, Action onParentGone)
    {
        if (variable(Variable) != "1")
        {
            return;
        }

        var input = Console.OpenStandardInput();
        var thread = new Thread(() =>
        {
            var buffer = new byte[16];
            while (input.Read(buffer) > 0) { }
            onParentGone();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }
}
