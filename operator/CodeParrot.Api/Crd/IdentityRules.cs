using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Crd;

/// <summary>
/// Rules that hold identity fields still once an attempt has begun. They stand at the root, where spec and status meet.
/// </summary>
internal static class IdentityRules
{
    private const string NotBegun =
        "!has(oldSelf.status) || !has(oldSelf.status.attempt) || oldSelf.status.attempt < 1";

    private const string Message = "stays as it is once the run has begun; put it back, or make a run of another name";

    /// <summary>One rule a group of fields: fields added to the types are held without an edit here.</summary>
    /// <param name="schema">The schema of the whole object.</param>
    public static IEnumerable<CelRule> Of(JsonObject schema)
    {
        foreach (var root in FieldClasses.IdentityRoots)
        {
            switch (root)
            {
                case "spec.tokenizer":
                    yield return Rule(root, Tokenizer());
                    break;
                case "spec.model":
                    yield return Rule(root, Model());
                    break;
                case "spec.corpus":
                    foreach (var name in SchemaPath.Find(schema, root)!["properties"]!.AsObject().Select(p => p.Key))
                    {
                        var path = $"{root}.{name}";
                        if (FieldClasses.Of(path) == FieldClass.Identity)
                        {
                            yield return Rule(path, Leaves(schema, path));
                        }
                    }

                    break;
                default:
                    yield return Rule(root, Leaves(schema, root));
                    break;
            }
        }
    }

    private static CelRule Rule(string path, IEnumerable<string> same) =>
        new("", $"{NotBegun} || ({string.Join(" && ", same)})", Message, "." + path);

    private static IEnumerable<string> Leaves(JsonObject schema, string path)
    {
        if (FieldClasses.Of(path) is { } found && found != FieldClass.Identity)
        {
            return [];
        }

        var node = SchemaPath.Find(schema, path)!;
        return node["properties"] is JsonObject properties
            ? properties.SelectMany(p => Leaves(schema, $"{path}.{p.Key}"))
            : [node["default"] is null && !IsRequired(schema, path) ? Optional(path) : Same(path)];
    }

    private static bool IsRequired(JsonObject schema, string path)
    {
        var dot = path.LastIndexOf('.');
        var required = SchemaPath.Find(schema, path[..dot])!["required"] as JsonArray;
        return required?.Any(name => (string?)name == path[(dot + 1)..]) ?? false;
    }

    private static string[] Tokenizer()
    {
        var train = new TokenizerTrainSpec();
        return
        [
            Same(spec => ModelNumbers.Trained(spec, "vocabularySize", train.VocabularySize)),
            Same(spec => ModelNumbers.Trained(spec, "documents", train.Documents)),
            Optional("spec.tokenizer.from"),
        ];
    }

    private static string[] Model() =>
        [
            Same(ModelNumbers.Layers),
            Same(ModelNumbers.Heads),
            Same(ModelNumbers.Width),
            Same(ModelNumbers.ContextLength),
            Same(ModelNumbers.VocabularySize),
            Same("spec.model.dropout"),
            Optional("spec.model.from"),
        ];

    private static string Same(Func<string, string> number) => $"{number("self.spec")} == {number("oldSelf.spec")}";

    private static string Same(string path) => $"self.{path} == oldSelf.{path}";

    private static string Optional(string path) =>
        $"has(self.{path}) == has(oldSelf.{path}) && (!has(self.{path}) || {Same(path)})";
}
