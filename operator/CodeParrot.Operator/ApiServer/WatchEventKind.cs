namespace CodeParrot.Operator.ApiServer;

/// <summary>What a watch tells.</summary>
public enum WatchEventKind
{
    /// <summary>The object is new.</summary>
    Added,

    /// <summary>The object changed.</summary>
    Modified,

    /// <summary>The object is gone; this is its last state.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resource version.</summary>
    Bookmark,
}
