using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes which packages a published program is made of, as a CycloneDX 1.5 document: name, version, licence, and
/// digest of the package as it was restored. The same program gives the same bytes. Compiled by MSBuild itself against
/// netstandard2.0 (Images.targets), which has no JSON.
/// </summary>
public class WriteSbom : Task
{
    private const int UuidLength = 16;
    private const string Ours = "CodeParrot.";

    /// <summary>Published files; those of packages name them in NuGetPackageId and NuGetPackageVersion.</summary>
    [Required]
    public ITaskItem[] Files { get; set; }

    /// <summary>Folders that packages are restored to.</summary>
    [Required]
    public ITaskItem[] PackageFolders { get; set; }

    /// <summary>Name of the program.</summary>
    [Required]
    public string Product { get; set; }

    /// <summary>Version of the program.</summary>
    [Required]
    public string ProductVersion { get; set; }

    /// <summary>Path of the document.</summary>
    [Required]
    public string Destination { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var packages = Files
            .Select(f => Tuple.Create(f.GetMetadata("NuGetPackageId"), f.GetMetadata("NuGetPackageVersion")))
            .Where(p => p.Item1.Length > 0 && !p.Item1.StartsWith(Ours, StringComparison.Ordinal))
            .Distinct()
            .OrderBy(p => p.Item1, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var components = new List<string>();
        foreach (var package in packages)
        {
            var component = Component(package.Item1, package.Item2);
            if (component == null)
            {
                Log.LogError(
                    "{0} {1}: the package is in none of the folders restored to",
                    package.Item1,
                    package.Item2
                );
                return false;
            }

            components.Add(component);
        }

        var list = string.Join(",\n", components);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.WriteAllText(
            Destination,
            "{\n"
                + "  \"bomFormat\": \"CycloneDX\",\n"
                + "  \"specVersion\": \"1.5\",\n"
                + $"  \"serialNumber\": \"urn:uuid:{Uuid(Product + ProductVersion + list)}\",\n"
                + "  \"version\": 1,\n"
                + "  \"metadata\": { \"component\": { \"type\": \"application\", "
                + $"\"name\": {Text(Product)}, \"version\": {Text(ProductVersion)}, "
                + "\"licenses\": [{ \"license\": { \"id\": \"MIT\" } }] } },\n"
                + $"  \"components\": [\n{list}\n  ]\n}}\n"
        );
        return true;
    }

    private string Component(string name, string version)
    {
        var lower = name.ToLowerInvariant();
        var folder = PackageFolders
            .Select(f => Path.Combine(f.ItemSpec, lower, version.ToLowerInvariant()))
            .FirstOrDefault(Directory.Exists);
        if (folder == null)
        {
            return null;
        }

        var url = $"pkg:nuget/{name}@{version}";
        var component = new StringBuilder("    { \"type\": \"library\", ")
            .Append($"\"bom-ref\": {Text(url)}, \"name\": {Text(name)}, \"version\": {Text(version)}, ")
            .Append($"\"purl\": {Text(url)}");
        var digest = Directory.GetFiles(folder, "*.nupkg.sha512").FirstOrDefault();
        if (digest != null)
        {
            var bytes = Convert.FromBase64String(File.ReadAllText(digest).Trim());
            component.Append($", \"hashes\": [{{ \"alg\": \"SHA-512\", \"content\": \"{Hex(bytes)}\" }}]");
        }

        var licence = Licence(Directory.GetFiles(folder, "*.nuspec").FirstOrDefault());
        if (licence != null)
        {
            component.Append($", \"licenses\": [{licence}]");
        }

        return component.Append(" }").ToString();
    }

    // A package names its licence by an SPDX expression, by a file that it holds, or, if it is old, by an address.
    private static string Licence(string nuspec)
    {
        if (nuspec == null)
        {
            return null;
        }

        var elements = XDocument.Load(nuspec).Descendants().ToList();
        var licence = elements.FirstOrDefault(e => e.Name.LocalName == "license");
        if (licence != null && (string)licence.Attribute("type") == "expression")
        {
            return $"{{ \"expression\": {Text(licence.Value.Trim())} }}";
        }

        var name =
            licence?.Value.Trim() ?? elements.FirstOrDefault(e => e.Name.LocalName == "licenseUrl")?.Value.Trim();
        return name == null ? null : $"{{ \"license\": {{ \"name\": {Text(name)} }} }}";
    }

    private static string Uuid(string text)
    {
        using (var sha = SHA256.Create())
        {
            var hex = Hex(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Take(UuidLength).ToArray());
            // Version 8, of which only the layout is fixed, and the variant of RFC 9562.
            return $"{hex.Substring(0, 8)}-{hex.Substring(8, 4)}-8{hex.Substring(13, 3)}-a{hex.Substring(17, 3)}-"
                + hex.Substring(20, 12);
        }
    }

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(b => b.ToString("x2")));

    private static string Text(string value) =>
        "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "").Replace("\n", "\\n") + "\"";
}
