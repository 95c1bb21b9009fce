using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;

namespace CodeParrot.Api.Crd;

/// <summary>Summaries of types, properties and enum values, read from the XML files beside their assemblies.</summary>
internal sealed class Descriptions
{
    private readonly Dictionary<Assembly, Dictionary<string, string>> _byAssembly = [];

    /// <summary>The property's summary.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    /// <exception cref="FileNotFoundException">The assembly's XML file is missing.</exception>
    public string Of(PropertyInfo property) => Find(property.DeclaringType!, "P:", "." + property.Name);

    /// <summary>The type's summary.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    /// <exception cref="FileNotFoundException">The assembly's XML file is missing.</exception>
    public string Of(Type type) => Find(type, "T:", "");

    /// <summary>The summary of an enum's value.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    /// <exception cref="FileNotFoundException">The assembly's XML file is missing.</exception>
    public string Of(Type type, string value) => Find(type, "F:", "." + value);

    private string Find(Type type, string kind, string member)
    {
        if (!_byAssembly.TryGetValue(type.Assembly, out var summaries))
        {
            summaries = Read(type.Assembly);
            _byAssembly.Add(type.Assembly, summaries);
        }

        var key = kind + type.FullName + member;
        return summaries.TryGetValue(key, out var text) && text.Length > 0
            ? text
            : throw new InvalidOperationException($"{key} has no summary, and the schema needs one");
    }

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("descriptions come from the XML documentation, which is missing", path);
        }

        return XDocument
            .Load(path)
            .Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => (string)m.Attribute("name")!, m => Plain(m.Element("summary")!));
    }

    private static string Plain(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(Plain));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Plain(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement element when (string?)element.Attribute("cref") is { } cref => Name(cref),
            XElement element => element.Value,
            _ => "",
        };

    // A reference to a property names the field as a user writes it.
    private static string Name(string cref)
    {
        var name = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }
}
