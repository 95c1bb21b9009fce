using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Crd;

/// <summary>Rules that keep a user's template away from names that the operator sets.</summary>
internal static class TemplateRules
{
    /// <summary>The rules of the template at a path.</summary>
    public static IEnumerable<CelRule> At(string path) =>
        [
            Metadata(path, "labels"),
            Metadata(path, "annotations"),
            new(
                path,
                $"self.env.all(e, !e.name.startsWith('{ReservedNames.EnvironmentPrefix}')"
                    + $" && !(e.name in [{Quoted(ReservedNames.Environment)}]))",
                $"must not set what the operator sets: {ReservedNames.EnvironmentPrefix}* and "
                    + string.Join(", ", ReservedNames.Environment),
                ".env"
            ),
            new(
                path,
                $"self.volumes.all(v, !v.name.startsWith('{ReservedNames.VolumePrefix}'))",
                $"must not begin with {ReservedNames.VolumePrefix}, which the operator's volumes do",
                ".volumes"
            ),
            new(
                path,
                $"self.volumeMounts.all(m, !m.mountPath.matches('{ReservedNames.MountPaths}'))",
                "must not mount at a path of the operator or the system: /, /codeparrot, /dev and /tmp",
                ".volumeMounts"
            ),
        ];

    private static CelRule Metadata(string path, string field) =>
        new(
            path,
            $"self.{field}.all(key, !key.startsWith('{ReservedNames.MetadataPrefix}')"
                + $" && !(key in [{Quoted(ReservedNames.Metadata)}]))",
            $"must not set what the operator sets: {ReservedNames.MetadataPrefix}* and names of gang schedulers",
            $".{field}"
        );

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
