namespace CodeParrot.Distributed.Coordination;

/// <summary>A message of the coordinator; the members beside the kind are those that the kind needs.</summary>
internal sealed record Reply(
    ReplyKind Kind,
    int[]? Missing = null,
    Refusal? Refusal = null,
    Agreement? Agreement = null
);
