using System.Net;
using System.Runtime.CompilerServices;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>After 410 it watches from the newest version, and never learns what it missed.</summary>
internal sealed class ForgottenRelist(IApiServer inner) : BuggyServer(inner)
{
    private readonly HashSet<ResourceType> _expired = [];

    public override async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (_expired.Remove(type))
        {
            var page = await Inner.ListAsync(type, ns, labelSelector, "", cancellationToken);
            resourceVersion = page.ResourceVersion;
        }

        await using var all = Inner
            .WatchAsync(type, ns, labelSelector, resourceVersion, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await MoreAsync(type, all))
        {
            yield return all.Current;
        }
    }

    private async Task<bool> MoreAsync(ResourceType type, IAsyncEnumerator<WatchEvent> all)
    {
        try
        {
            return await all.MoveNextAsync();
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.Gone)
        {
            _expired.Add(type);
            return false;
        }
    }
}
