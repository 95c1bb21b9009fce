using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>A row of the table: the smallest good manifest with one field set.</summary>
/// <param name="Path">The field.</param>
/// <param name="Value">Its value.</param>
/// <param name="Expect">What is to become of it.</param>
/// <param name="Blamed">The field that a rule blames; empty where no rule refuses it.</param>
public sealed record JudgedManifest(string Path, JsonNode Value, Expectation Expect, string Blamed = "")
{
    /// <summary>The whole manifest.</summary>
    public JsonObject Tree() => Manifests.With((Path, Value));

    /// <summary>True for the field that the row blames: <c>[]</c> is any item of a list, <c>*</c> any value.</summary>
    public bool IsBlamed(string field)
    {
        var pattern = Regex.Escape(Blamed).Replace(@"\*", "[^.]+", StringComparison.Ordinal);
        pattern = pattern.Replace(@"\[]", @"\[\d+]", StringComparison.Ordinal);
        return Regex.IsMatch(field, $"^{pattern}$");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} = {Value.ToJsonString()}";
}
