using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Storage;
using TorchSharp;

namespace CodeParrot.Training;

/// <summary>
/// What a host gives the engine for one attempt; the same on all ranks but for generation, group, folder and observer.
/// </summary>
public sealed record TrainingContext
{
    /// <summary>The run's manifest, resolved.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>UID of the run.</summary>
    public required string RunUid { get; init; }

    /// <summary>Number of the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Branch that checkpoints are written to.</summary>
    public required string Branch { get; init; }

    /// <summary>
    /// <c>branch/name</c> of the checkpoint that the branch starts from after a rollback; null for none.
    /// </summary>
    public string? StartFrom { get; init; }

    /// <summary>Steps of data left out after <see cref="StartFrom"/>.</summary>
    public int SkipSteps { get; init; }

    /// <summary>True takes over what a run of another UID left under the same name.</summary>
    public bool AdoptStore { get; init; }

    /// <summary>The run's store; the host disposes it.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>
    /// Opens another location with the run's credentials, for <c>spec.model.from</c>; the engine disposes it.
    /// </summary>
    public required Func<string, IObjectStore> OpenStore { get; init; }

    /// <summary>Which of the attempt's pods of this rank this is, from 0.</summary>
    public int Generation { get; init; }

    /// <summary>The ranks of the attempt's first round on this rank; the host disposes it.</summary>
    public required IProcessGroup Group { get; init; }

    /// <summary>Number of that round.</summary>
    public int Round { get; init; } = 1;

    /// <summary>
    /// The ranks of the run by their position in the group; empty where each stands at its own number.
    /// </summary>
    public IReadOnlyList<int> Ranks { get; init; } = [];

    /// <summary>
    /// Asked on rank 0 at the end of each step: true ends the round for all ranks alike, for the sake of some that it
    /// lacks and that have come since.
    /// </summary>
    public Func<bool> RegroupWanted { get; init; } = static () => false;

    /// <summary>
    /// The position whose memory holds the run, for the others to take over; -1, the default, when none does and the
    /// newest checkpoint is gone on from.
    /// </summary>
    public int StateSource { get; init; } = -1;

    /// <summary>
    /// Brings the ranks together again when one was lost, given the step of the whole state that this rank holds, -1
    /// for none; it is to throw <see cref="OperationCanceledException"/> when this rank is asked to stop meanwhile.
    /// Null, the default, ends the attempt on this rank with the loss.
    /// </summary>
    public Func<long, CancellationToken, Task<JoinedRound>>? Rejoin { get; init; }

    /// <summary>Ranks of one pod: with one of them the others end, and are replaced too.</summary>
    public int RanksPerPod { get; init; } = 1;

    /// <summary>Scratch folder of the rank; ranks of one pod may share it. Created when missing.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>What the stages before made: <c>lineage.json</c> of the run.</summary>
    public required RunLineage Lineage { get; init; }

    /// <summary>
    /// Makes the tokenizer of <see cref="Lineage"/>, for documents that are encoded while they are trained on; null
    /// where none is known.
    /// </summary>
    public Func<IDocumentEncoder>? NewEncoder { get; init; }

    /// <summary>Threads of one rank's computation, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Most tokens whose logits a rank holds at once, at least 1; null leaves it to the model.
    /// </summary>
    public int? HeadChunkRows { get; init; }

    /// <summary>
    /// Whether products in bf16 are faster here than those in fp32; null asks the processor. Where they are not, a spec
    /// of Bf16 computes them in fp32. Rank 0's word counts for all.
    /// </summary>
    public bool? HasFastBf16 { get; init; }

    /// <summary>Index of the GPU that the rank computes on; null for the CPU.</summary>
    public int? CudaDevice { get; init; }

    /// <summary>File that NCCL logs to, where it names the ways it chose; null for none.</summary>
    public string? NcclLog { get; init; }

    /// <summary>The rank's device as torch knows it.</summary>
    internal torch.Device Device => CudaDevice is { } index ? new torch.Device(DeviceType.CUDA, index) : torch.CPU;

    /// <summary>This rank's number in the run.</summary>
    internal int Rank => RankOf(Group.Rank);

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what happens.</summary>
    public required ITrainingObserver Observer { get; init; }

    /// <summary>
    /// Asked at the end of each step: true on any rank stops all of them after a checkpoint. Stays true once it is.
    /// </summary>
    public Func<bool> StopRequested { get; init; } = static () => false;

    /// <summary>
    /// Asked on rank 0 at the end of each step: the newest request for a checkpoint, null for none. Each value is
    /// served once: by a checkpoint that all ranks then take part in, or by one that is taken anyway.
    /// </summary>
    public Func<CheckpointRequest?> Request { get; init; } = static () => null;

    /// <summary>The number in the run of who stands at a position of the group.</summary>
    internal int RankOf(int position) => Ranks.Count > 0 ? Ranks[position] : position;
}
