using System.Diagnostics;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Cli.Pods;

/// <summary>Starts pods on this machine.</summary>
/// <param name="Trainer">The trainer's executable.</param>
/// <param name="Cores">Cores that the ranks share.</param>
/// <param name="StoreUri">Store in place of the spec's; empty for the spec's.</param>
internal sealed record PodHost(string Trainer, int Cores, string StoreUri)
{
    private const string Loopback = "127.0.0.1";

    /// <summary>The host of a run's pods, which share all cores.</summary>
    public static PodHost Of(StateFolder state, TrainingRun run, string trainer) =>
        new(trainer, Environment.ProcessorCount, run.Spec.Store.Uri.Length == 0 ? state.StoreUri : "");

    /// <summary>Starts one pod.</summary>
    public Process Start(StateFolder state, RunKey run, PodFolder folder, PodRecord record)
    {
        var pod = record.Spec;
        var places = new PodPlaces
        {
            MasterAddress = Loopback,
            MasterPort = record.MasterPort,
            KeyFile = state.KeyFile(run),
            WorkFolder = folder.WorkFolder,
            TerminationLog = folder.TerminationFile,
            HttpPort = 0,
            HttpPortFile = folder.HttpPortFile,
            StoreUri = StoreUri,
            Threads = ThreadsOf(pod),
        };
        return PodShell.Start(
            folder,
            record.Uid,
            Trainer,
            PodCommand.Arguments(pod, state.SnapshotFile(run, pod.SpecHash)),
            PodEnvironment.Of(pod, places)
        );
    }

    private int ThreadsOf(PodSpec pod) =>
        pod.Threads ?? (pod.Stage == StageNames.Train ? Math.Max(1, Cores / pod.WorldSize) : Cores);
}
