using CodeParrot.Cli.Pods;
using CodeParrot.Cli.State;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Cli.Tests.Pods;

/// <summary>A real process in the trainer's place: a shell script that does what the test says.</summary>
internal sealed class ScriptedTrainer : IDisposable
{
    public static readonly RunKey Key = new("default", "small");

    private readonly TemporaryFolder _folder = new();

    public ScriptedTrainer(string script)
    {
        var path = _folder.Write("trainer", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Host = new PodHost(path, Cores: 4, "file:///store");
        State = new StateFolder(Path.Combine(_folder.Path, "state"));
    }

    public PodHost Host { get; }

    public StateFolder State { get; }

    public LocalPods Open() => new(State, Key, Host, TimeProvider.System);

    public static PodSpec Pod(int index = 0, int attempt = 1) =>
        new()
        {
            Name = PodBuilder.NameOf("small", "train", attempt, index),
            Run = "small",
            RunUid = "uid",
            Stage = "train",
            Attempt = attempt,
            PodIndex = index,
            WorldSize = 2,
            SpecHash = "abc",
        };

    public PodFolder FolderOf(PodSpec pod) => new(Path.Combine(State.PodsFolder(Key), pod.Name));

    public static async Task<PodObservation> UntilAsync(LocalPods pods, Func<PodObservation, bool> condition)
    {
        for (var i = 0; i < 6000; i++)
        {
            pods.Refresh();
            if (pods.Observe().FirstOrDefault(condition) is { } found)
            {
                return found;
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("a minute: " + string.Join('\n', pods.Observe()));
    }

    public void Dispose() => _folder.Dispose();
}
