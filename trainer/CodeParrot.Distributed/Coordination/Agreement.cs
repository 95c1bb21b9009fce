namespace CodeParrot.Distributed.Coordination;

/// <summary>A <see cref="Round"/> on the wire.</summary>
internal sealed record Agreement(int Number, string Id, Member[] Members, int StateSource, string? Checkpoint);
