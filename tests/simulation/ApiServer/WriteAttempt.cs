using System.Text.Json.Nodes;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>A request that writes.</summary>
/// <param name="Process">Who writes.</param>
/// <param name="Verb">create, update, patch or delete.</param>
/// <param name="Key">The object.</param>
/// <param name="Subresource">As in <c>status</c>; empty for the object itself.</param>
/// <param name="Body">What is written; null for a deletion.</param>
/// <param name="Uid">UID that a deletion asks for; empty for any.</param>
/// <param name="BegunAt">Virtual time when the client began it.</param>
internal sealed record WriteAttempt(
    SimulatedProcess Process,
    string Verb,
    ObjectKey Key,
    string Subresource,
    JsonObject? Body,
    string Uid,
    TimeSpan BegunAt
)
{
    public override string ToString() => $"{Verb} {Key}{(Subresource.Length > 0 ? "/" + Subresource : "")}";
}
