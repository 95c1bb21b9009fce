namespace CodeParrot.Integration.Tests.Storage.Faults;

/// <summary>A request's head as the proxy saw it.</summary>
public sealed record ProxiedRequest(string Method, string Target, IReadOnlyList<string> HeaderLines)
{
    /// <summary>Gets whether it lists a bucket.</summary>
    public bool IsList => Method == "GET" && Target.Contains("list-type=2", StringComparison.Ordinal);

    /// <summary>Gets whether it reads an object.</summary>
    public bool IsGet => Method == "GET" && !IsList;

    /// <summary>Gets whether it writes an object or a part.</summary>
    public bool IsPut => Method == "PUT";

    /// <summary>Gets whether it ends an upload in parts.</summary>
    public bool IsComplete => Method == "POST" && Target.Contains("uploadId=", StringComparison.Ordinal);

    /// <summary>Gets whether it writes a part.</summary>
    public bool IsPart => IsPut && Target.Contains("partNumber=", StringComparison.Ordinal);

    /// <summary>Returns a header's value, or null.</summary>
    public string? Header(string name) =>
        HeaderLines
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
}
