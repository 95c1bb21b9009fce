namespace CodeParrot.Training.Data.Streaming;

/// <summary>
/// Where the sequences of a window begin: what a checkpoint keeps of a stream. It only saves work: any earlier window's
/// will do, for the order is a function of the sample's number alone.
/// </summary>
/// <param name="Window">The window, from 0.</param>
/// <param name="Cursor">Its first token.</param>
internal sealed record StreamState(long Window, StreamCursor Cursor)
{
    /// <summary>Gets the first window.</summary>
    public static StreamState Start { get; } = new(0, StreamCursor.Start);
}
