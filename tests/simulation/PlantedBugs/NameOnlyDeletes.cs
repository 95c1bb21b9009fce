using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Deletes by name, whoever has it by now.</summary>
internal sealed class NameOnlyDeletes(IApiServer inner) : BuggyServer(inner)
{
    public override Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    ) => Inner.DeleteAsync(type, ns, name, "", grace, cancellationToken);
}
