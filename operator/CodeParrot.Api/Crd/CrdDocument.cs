using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Crd;

/// <summary>The CustomResourceDefinition of <see cref="TrainingRun"/> as a tree.</summary>
internal static class CrdDocument
{
    private const string Plural = "trainingruns";

    private const string Classes =
        "Identity fields stay as they are once the run has begun, recipe fields act at the next attempt,"
        + " control fields at once.";

    /// <summary>The whole definition.</summary>
    /// <exception cref="InvalidOperationException">A field has no bounds or no summary.</exception>
    /// <exception cref="FileNotFoundException">An assembly's XML documentation is missing.</exception>
    public static JsonObject Create()
    {
        var (group, version) = Split(RunManifest.CurrentApiVersion);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{Plural}.{group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["names"] = new JsonObject
                {
                    ["plural"] = Plural,
                    ["singular"] = "trainingrun",
                    ["kind"] = RunManifest.CurrentKind,
                    ["listKind"] = RunManifest.CurrentKind + "List",
                    ["shortNames"] = new JsonArray("trun"),
                    ["categories"] = new JsonArray("all", "codeparrot"),
                },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = version,
                        ["served"] = true,
                        ["storage"] = true,
                        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                        ["additionalPrinterColumns"] = PrinterColumns.All,
                        ["schema"] = new JsonObject { ["openAPIV3Schema"] = Schema() },
                    }
                ),
            },
        };
    }

    /// <summary>The schema of the whole object, with its rules.</summary>
    /// <exception cref="InvalidOperationException">A field has no bounds or no summary.</exception>
    /// <exception cref="FileNotFoundException">An assembly's XML documentation is missing.</exception>
    public static JsonObject Schema()
    {
        var descriptions = new Descriptions();
        var schema = new JsonObject
        {
            ["description"] = descriptions.Of(typeof(TrainingRun)),
            ["type"] = "object",
            ["required"] = new JsonArray("spec"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Described("string", "Group and version of this form of the object."),
                ["kind"] = Described("string", "The kind of the object."),
                ["metadata"] = Metadata(),
                ["spec"] = Side(nameof(TrainingRun.Spec), "spec", SpecBounds.All, new RunSpec()),
                ["status"] = Side(nameof(TrainingRun.Status), "status", StatusBounds.All, null),
            },
        };
        var spec = schema["properties"]!["spec"]!;
        spec["description"] = $"{(string?)spec["description"]} {Classes}";
        foreach (var rule in SpecRules.All.Concat(IdentityRules.Of(schema)))
        {
            Attach(schema, rule);
        }

        return schema;
    }

    private static JsonObject Side(
        string property,
        string path,
        IReadOnlyDictionary<string, FieldBounds> bounds,
        object? initial
    ) =>
        new SchemaBuilder(bounds, initial is not null).Property(
            typeof(TrainingRun).GetProperty(property)!,
            path,
            initial
        );

    private static void Attach(JsonObject schema, CelRule rule)
    {
        var node =
            SchemaPath.Find(schema, rule.Path)
            ?? throw new InvalidOperationException($"a rule stands on {rule.Path}, which is no field");
        if (node["x-kubernetes-validations"] is not JsonArray rules)
        {
            rules = [];
            node["x-kubernetes-validations"] = rules;
        }

        rules.Add(rule.ToJson());
    }

    // The server takes nothing here but bounds of the two names, no description either. With both of them present it
    // reckons the cost of rules on a name by these bounds.
    private static JsonObject Metadata() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["name"] = Name("Name of the run."),
                ["generateName"] = Name("Prefix that the server makes a name from."),
            },
        };

    private static JsonObject Name(string description)
    {
        var name = Described("string", description);
        name["maxLength"] = ManifestValidator.MaxNameLength;
        return name;
    }

    private static JsonObject Described(string type, string description) =>
        new() { ["description"] = description, ["type"] = type };

    private static (string Group, string Version) Split(string apiVersion)
    {
        var parts = apiVersion.Split('/');
        return (parts[0], parts[1]);
    }
}
