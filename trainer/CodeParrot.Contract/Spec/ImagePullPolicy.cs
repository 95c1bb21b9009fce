namespace CodeParrot.Contract.Spec;

/// <summary>When a node fetches an image.</summary>
public enum ImagePullPolicy
{
    /// <summary>Unless the node has it.</summary>
    IfNotPresent,

    /// <summary>Every time.</summary>
    Always,

    /// <summary>Never; the node must have it.</summary>
    Never,
}
