using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>One line of the server's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it; its last state where it is gone.</param>
/// <param name="Before">The object before it; null where it is new.</param>
internal sealed record Change(WatchEventKind Kind, StoredObject Object, StoredObject? Before)
{
    /// <summary>The change as a watch with a selector sees it; null where it sees nothing.</summary>
    public WatchEvent? SeenBy(string labelSelector)
    {
        var matched = Before?.Matches(labelSelector) ?? false;
        var matches = Kind != WatchEventKind.Deleted && Object.Matches(labelSelector);
        WatchEventKind? kind = (matched, matches) switch
        {
            (false, true) => WatchEventKind.Added,
            (true, true) => WatchEventKind.Modified,
            (true, false) => WatchEventKind.Deleted,
            _ => null,
        };
        return kind switch
        {
            null => null,
            // An object that fell out of the selection is told of as it was in it.
            WatchEventKind.Deleted when Kind != WatchEventKind.Deleted => new WatchEvent(
                WatchEventKind.Deleted,
                Before!.At(Object.Version)
            ),
            _ => new WatchEvent(kind.Value, Object.Watched),
        };
    }
}
