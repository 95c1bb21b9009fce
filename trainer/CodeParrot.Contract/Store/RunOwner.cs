namespace CodeParrot.Contract.Store;

/// <summary><c>owner.json</c> of a run: who may write below it.</summary>
/// <param name="RunUid">UID of the run.</param>
/// <param name="Attempt">Its current attempt; a writer of an older one stops.</param>
/// <param name="Generation">
/// Which of the attempt's pods of rank 0 writes, from 0: one that was replaced stops. Not there in files of versions
/// that replaced none.
/// </param>
public sealed record RunOwner(string RunUid, int Attempt, int Generation = 0);
