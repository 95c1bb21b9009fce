using CodeParrot.Contract.Yaml;

namespace CodeParrot.Api.Crd;

/// <summary>The file <c>crds/trainingruns.codeparrot.dev.yaml</c>, generated from the types of the resource.</summary>
public static class CrdFile
{
    /// <summary>Writes the definition as YAML; the same types and documentation give the same text.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <exception cref="InvalidOperationException">A field, which is named, has no bounds or no summary.</exception>
    /// <exception cref="FileNotFoundException">An assembly's XML documentation does not stand beside it.</exception>
    public static void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("# Generated from the C# types by `make generate`; do not edit.\n");
        output.Write(YamlText.Write(CrdDocument.Create()));
    }
}
