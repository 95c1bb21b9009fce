using System.Text.Json;

namespace CodeParrot.Operator.ApiServer;

/// <summary>One event of a watch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it; for a bookmark only its resource version is filled in.</param>
public sealed record WatchEvent(WatchEventKind Kind, JsonElement Object);
