namespace CodeParrot.Operator;

/// <summary>The operator's process.</summary>
internal static class Program
{
    private static int Main() => 0;
}
