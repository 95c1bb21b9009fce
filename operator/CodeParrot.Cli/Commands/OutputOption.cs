using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Cli.Commands;

/// <summary><c>-o</c>: a table for people, or all of it for programs.</summary>
internal static class OutputOption
{
    private const string Wide = "wide";
    private const string Json = "json";
    private const string Yaml = "yaml";

    /// <summary>The option.</summary>
    public static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "wide, json or yaml",
            DefaultValueFactory = _ => "",
        };
        option.AcceptOnlyFromAmong("", Wide, Json, Yaml);
        return option;
    }

    /// <summary>What is printed.</summary>
    /// <param name="format">Value of the option.</param>
    /// <param name="whole">What programs get.</param>
    /// <param name="table">What people get; the argument is true for a wide table.</param>
    public static string Text(string format, object whole, Func<bool, string> table) =>
        format switch
        {
            Json => Node(whole).ToJsonString(ApiJson.Indented) + "\n",
            Yaml => YamlText.Write(Node(whole)),
            _ => table(format == Wide),
        };

    private static JsonNode Node(object whole) =>
        whole as JsonNode ?? JsonSerializer.SerializeToNode(whole, ApiJson.Compact)!;
}
