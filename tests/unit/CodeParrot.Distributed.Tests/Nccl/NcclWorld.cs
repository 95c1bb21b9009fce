using CodeParrot.Distributed.Nccl;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>Ranks joined over real TCP, each with a device of <see cref="FakeGpus"/>.</summary>
internal sealed class NcclWorld : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly World _control;

    private NcclWorld(World control, FakeGpus gpus)
    {
        _control = control;
        Gpus = gpus;
        Groups = new NcclGroup[gpus.WorldSize];
    }

    public FakeGpus Gpus { get; }

    public ManualTime Time { get; } = new();

    public NcclGroup[] Groups { get; }

    public TcpProcessGroup[] Control => _control.Groups;

    public static async Task<NcclWorld> OfAsync(int worldSize, int seed = 1, Action<FakeGpus>? change = null)
    {
        var gpus = new FakeGpus(worldSize, seed);
        change?.Invoke(gpus);
        var world = new NcclWorld(await World.OfAsync(worldSize), gpus);
        world._control.Run(group => world.Groups[group.Rank] = world.Connect(group));
        return world;
    }

    public NcclGroup Connect(IProcessGroup control) =>
        NcclGroup.Connect(control, FakeGpus.Cuda, FakeGpus.Nccl(), device: control.Rank, Deadline, Time);

    public void Run(Action<NcclGroup> action) => _control.Run(group => action(Groups[group.Rank]));

    public Exception?[] Catch(Action<NcclGroup> action) => _control.Catch(group => action(Groups[group.Rank]));

    public void Dispose()
    {
        foreach (var group in Groups)
        {
            group?.Dispose();
        }

        _control.Dispose();
        Gpus.Dispose();
    }
}
