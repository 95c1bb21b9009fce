namespace CodeParrot.Training.Data.Streaming;

/// <summary>A place in the endless row of a corpus' tokens.</summary>
/// <param name="Epoch">Times that the whole corpus lies before it.</param>
/// <param name="Place">Shards of the epoch that lie before it, in the epoch's own order.</param>
/// <param name="Document">Document of the shard, from 0.</param>
/// <param name="Token">Tokens of the document that lie before it.</param>
internal sealed record StreamCursor(long Epoch, int Place, long Document, int Token)
{
    /// <summary>Gets the first place.</summary>
    public static StreamCursor Start { get; } = new(0, 0, 0, 0);
}
