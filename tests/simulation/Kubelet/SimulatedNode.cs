namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>A machine that pods run on.</summary>
/// <param name="name">Its name.</param>
/// <param name="slots">Pods that fit on it.</param>
internal sealed class SimulatedNode(string name, int slots)
{
    public string Name { get; } = name;

    public int Slots { get; } = slots;

    /// <summary>
    /// Gets or sets whether the rest of the world reaches it; its processes may live on all the same.
    /// </summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>Gets or sets whether the scheduler may use it.</summary>
    public bool IsSchedulable { get; set; } = true;

    /// <summary>Gets or sets whether it is gone for good.</summary>
    public bool IsGone { get; set; }
}
