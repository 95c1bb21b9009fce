using System.Text.Json;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>Tells of every object of a type, in all namespaces, for as long as the test goes on.</summary>
/// <param name="server">The server.</param>
/// <param name="type">The type.</param>
/// <param name="labels">Which objects; empty for all.</param>
/// <param name="told">Called with each state of each object, one after the other.</param>
internal sealed class Follower(
    IApiServer server,
    ResourceType type,
    string labels,
    Action<WatchEventKind, JsonElement> told
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, JsonElement> _known = [];

    /// <summary>Follows until it is cancelled; a server that is away for a while is asked again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is ApiServerException or HttpRequestException or IOException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (items, version) = await ListAsync(cancellationToken);
        var there = items.Select(UidOf).ToHashSet();
        foreach (var gone in _known.Where(k => !there.Contains(k.Key)).ToList())
        {
            Tell(WatchEventKind.Deleted, gone.Value);
        }

        items.ForEach(i => Tell(WatchEventKind.Modified, i));
        await foreach (var said in server.WatchAsync(type, null, labels, version, cancellationToken))
        {
            if (said.Kind != WatchEventKind.Bookmark)
            {
                Tell(said.Kind, said.Object);
            }
        }
    }

    private async Task<(List<JsonElement> Items, string Version)> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        var page = new ListPage([], "", "");
        do
        {
            page = await server.ListAsync(type, null, labels, page.Continue, cancellationToken);
            items.AddRange(page.Items);
        } while (page.Continue.Length > 0);
        return (items, page.ResourceVersion);
    }

    private void Tell(WatchEventKind kind, JsonElement item)
    {
        if (kind == WatchEventKind.Deleted)
        {
            _known.Remove(UidOf(item));
        }
        else
        {
            _known[UidOf(item)] = item;
        }

        told(kind, item);
    }

    private static string UidOf(JsonElement item) => item.GetProperty("metadata").GetProperty("uid").GetString()!;
}
