namespace CodeParrot.Operator.ApiServer;

/// <summary>Paths of the API server's resources, relative to its root.</summary>
internal static class ResourcePaths
{
    /// <summary>Path of a collection.</summary>
    /// <param name="type">Type of its objects.</param>
    /// <param name="ns">Namespace; null for all, and for cluster-wide types.</param>
    public static string Collection(ResourceType type, string? ns)
    {
        var root = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";
        return ns is null ? $"{root}/{type.Plural}" : $"{root}/namespaces/{Escape(ns)}/{type.Plural}";
    }

    /// <summary>Path of one object, or of a subresource of it.</summary>
    public static string Object(ResourceType type, string? ns, string name, string subresource = "")
    {
        var path = $"{Collection(type, ns)}/{Escape(name)}";
        return subresource.Length == 0 ? path : $"{path}/{subresource}";
    }

    /// <summary>A path with its query; what is empty is left out.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (value.Length > 0)
            {
                path += $"{separator}{name}={Escape(value)}";
                separator = '&';
            }
        }

        return path;
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
