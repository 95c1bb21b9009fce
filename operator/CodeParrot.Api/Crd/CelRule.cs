using System.Text.Json.Nodes;

namespace CodeParrot.Api.Crd;

/// <summary>A rule in the Common Expression Language that the API server evaluates.</summary>
/// <param name="Path">The field that the rule stands on, which is its <c>self</c>; empty for the whole object.</param>
/// <param name="Rule">The expression.</param>
/// <param name="Message">What a user reads when it does not hold.</param>
/// <param name="FieldPath">The field to blame, from <paramref name="Path"/> on; empty for that itself.</param>
internal sealed record CelRule(string Path, string Rule, string Message, string FieldPath = "")
{
    /// <summary>Path of the field to blame, as in the validator's messages.</summary>
    public string Blamed => (Path + FieldPath).TrimStart('.');

    /// <summary>The rule as the schema holds it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["rule"] = Rule, ["message"] = Message };
        if (FieldPath.Length > 0)
        {
            json["fieldPath"] = FieldPath;
        }

        return json;
    }
}
