using System.Reflection;

namespace CodeParrot.Corpus;

/// <summary>Names the program in what it writes.</summary>
internal static class CorpusVersion
{
    /// <summary>Gets the product and its version, such as <c>CodeParrot 0.1.0</c>.</summary>
    public static string Product { get; } = $"CodeParrot {Version()}";

    // The build appends the commit after a plus, which would make other bytes of the same inputs.
    private static string? Version() =>
        typeof(CorpusVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0];
}
