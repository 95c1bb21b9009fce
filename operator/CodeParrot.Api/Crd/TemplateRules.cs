using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Crd;

/// <summary>
/// Rules that keep a user's template away from names that the operator sets. They stand on the names themselves: a
/// server passes over rules of what did not change, but takes an object with fields that it does not know for changed.
/// </summary>
internal static class TemplateRules
{
    private const string Ours = "is set by the operator; leave it out";

    /// <summary>The rules of the template at a path.</summary>
    public static IEnumerable<CelRule> At(string path) =>
        [
            Metadata(path + ".labels"),
            Metadata(path + ".annotations"),
            new(path + ".env[].name", Free("self", ReservedNames.EnvironmentPrefix, ReservedNames.Environment), Ours),
            new(
                path + ".volumes[].name",
                $"!self.startsWith('{ReservedNames.VolumePrefix}')",
                $"must not begin with {ReservedNames.VolumePrefix}, which the operator's volumes do"
            ),
            new(
                path + ".volumeMounts[].mountPath",
                $"!self.matches('{ReservedNames.MountPaths}')",
                "belongs to the operator or the system, as /, /codeparrot, /dev and /tmp do; mount it somewhere else"
            ),
        ];

    private static CelRule Metadata(string path) =>
        new(
            path,
            $"self.all(key, {Free("key", ReservedNames.MetadataPrefix, ReservedNames.Metadata)})",
            $"must not set what the operator sets: {ReservedNames.MetadataPrefix}* and names of gang schedulers"
        );

    private static string Free(string name, string prefix, IEnumerable<string> names) =>
        $"!{name}.startsWith('{prefix}') && !({name} in [{string.Join(", ", names.Select(n => $"'{n}'"))}])";
}
