using System.Text.Json;

namespace CodeParrot.Operator.ApiServer;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects; valid until the next page is asked for.</param>
/// <param name="ResourceVersion">Version of the list: a watch begins there.</param>
/// <param name="Continue">Where the next page begins; empty on the last.</param>
public sealed record ListPage(IReadOnlyList<JsonElement> Items, string ResourceVersion, string Continue);
