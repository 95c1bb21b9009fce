namespace CodeParrot.Corpus.Parts;

/// <summary>
/// Waits until there is a part of every piece. The parts of a worker that shows no sign of life are made here: nobody
/// waits for ever, and a part that two make is the same.
/// </summary>
/// <param name="parts">Where parts are.</param>
/// <param name="board">What other workers say.</param>
/// <param name="worker">Makes parts.</param>
/// <param name="workerCount">How many workers there are.</param>
/// <param name="time">Waits.</param>
internal sealed class PartWait(
    PartStore parts,
    WorkerBoard board,
    PieceWorker worker,
    int workerCount,
    TimeProvider time
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Gets what a person should know of it.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>Makes this worker's parts, waits for the others', and returns all in the source's order.</summary>
    /// <exception cref="CorpusException">The source changes, or is too damaged.</exception>
    public async Task<IReadOnlyList<PartManifest>> CollectAsync(CancellationToken cancellationToken)
    {
        var digests = await worker.WalkAsync(piece => piece % workerCount == 0, cancellationToken);
        var found = new PartManifest?[digests.Count];
        while (true)
        {
            var listed = await parts.ListAsync(cancellationToken);
            await board.LookAsync(listed, cancellationToken);
            for (var piece = 0; piece < found.Length; piece++)
                found[piece] ??= await TryFindAsync(piece, digests[piece], listed, cancellationToken);
            var missing = Enumerable.Range(0, found.Length).Where(piece => found[piece] is null).ToHashSet();
            if (missing.Count == 0)
                return found!;
            var left = missing.Where(piece => IsLeft(piece)).ToList();
            if (left.Count > 0)
            {
                Notices.Add(
                    $"made {left.Count} of {found.Length} parts for workers that gave no sign of life: "
                        + string.Join(", ", left.Select(piece => piece % workerCount).Distinct().Order())
                );
                await worker.WalkAsync(piece => missing.Contains(piece) && IsLeft(piece), cancellationToken);
                continue;
            }
            var owners = missing.Select(piece => piece % workerCount).Distinct().Order();
            await worker.TellAsync(
                $"wait for {missing.Count} of {found.Length} parts, of workers {string.Join(", ", owners)}",
                cancellationToken
            );
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // A part of this worker's own may have been taken away meanwhile.
    private bool IsLeft(int piece) => piece % workerCount == 0 || board.IsSilent(piece % workerCount);

    private async Task<PartManifest?> TryFindAsync(
        int piece,
        string digest,
        IReadOnlyDictionary<string, string> listed,
        CancellationToken cancellationToken
    )
    {
        var isListed = listed.ContainsKey(parts.KeyOf(piece));
        return isListed ? await parts.FindAsync(piece, digest, cancellationToken) : null;
    }
}
