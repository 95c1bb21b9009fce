using System.Text.RegularExpressions;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>One line of the operator's count of requests.</summary>
/// <param name="Verb">As RBAC calls it.</param>
/// <param name="Resource">Its plural.</param>
/// <param name="Code">The answer.</param>
internal sealed partial record RequestLine(string Verb, string Resource, int Code)
{
    /// <summary>Reads a line of the metrics.</summary>
    public static RequestLine Parse(string line)
    {
        var labels = Labels().Matches(line).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var verb = labels["verb"] == "replace" ? "update" : labels["verb"];
        return new RequestLine(verb, labels["resource"], int.Parse(labels["code"]));
    }

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex Labels();
}
