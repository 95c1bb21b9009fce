namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>One collective of all ranks: it runs when every rank's stream has come to it.</summary>
internal sealed class DeviceCollective(string call, int worldSize)
{
    private readonly Dictionary<int, (Queue<DeviceWork> Stream, DeviceWork Work, nint Send, nint Receive)> _members =
    [];

    public string Call => call;

    public bool IsDone { get; private set; }

    /// <summary>Set when a rank aborts: what was to be exchanged is left as it is.</summary>
    public bool IsAborted { get; set; }

    public void Join(int rank, Queue<DeviceWork> stream, DeviceWork work, nint send, nint receive) =>
        _members.Add(rank, (stream, work, send, receive));

    public bool CanRun() =>
        IsDone
        || IsAborted
        || (
            _members.Count == worldSize
            && _members.Values.All(m => m.Stream.TryPeek(out var head) && ReferenceEquals(head, m.Work))
        );

    public void Run(Action<nint[], nint[]> exchange)
    {
        if (!IsDone && !IsAborted)
        {
            var byRank = _members.OrderBy(m => m.Key).Select(m => m.Value).ToArray();
            exchange([.. byRank.Select(m => m.Send)], [.. byRank.Select(m => m.Receive)]);
        }

        IsDone = true;
    }
}
