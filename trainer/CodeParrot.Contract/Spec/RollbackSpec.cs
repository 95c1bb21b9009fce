namespace CodeParrot.Contract.Spec;

/// <summary>Goes back to an earlier checkpoint on a new branch; nothing is deleted.</summary>
public sealed record RollbackSpec
{
    /// <summary>Step of the checkpoint.</summary>
    public long ToStep { get; init; }

    /// <summary>Steps of data to leave out after it.</summary>
    public int SkipSteps { get; init; }

    /// <summary>A new value asks for the same rollback again.</summary>
    public string Nonce { get; init; } = "";
}
