namespace CodeParrot.Contract.Store;

/// <summary><c>owner.json</c> of a run: who may write below it.</summary>
/// <param name="RunUid">UID of the run.</param>
/// <param name="Attempt">Its current attempt; a writer of an older one stops.</param>
public sealed record RunOwner(string RunUid, int Attempt);
