using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Api.Resources;

/// <summary>
/// How resources stand in JSON: the contract's rules, durations in Kubernetes' notation, and no number that is none.
/// </summary>
public static class ApiJson
{
    /// <summary>On one line.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(ContractJson.Compact);

    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(ContractJson.Indented);

    private static JsonSerializerOptions Create(JsonSerializerOptions contract)
    {
        var options = new JsonSerializerOptions(contract);
        options.Converters.Insert(0, new DurationJsonConverter());
        options.Converters.Insert(0, new FiniteNumberJsonConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
