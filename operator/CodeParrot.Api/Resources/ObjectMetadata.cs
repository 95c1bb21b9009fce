namespace CodeParrot.Api.Resources;

/// <summary>The part of Kubernetes' object metadata that the operator reads.</summary>
public sealed record ObjectMetadata
{
    /// <summary>Name, a DNS-1035 label of at most 40 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Set once when the object is created: a re-created run of the same name is another run.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Changes with every write; a write that names an older one is refused.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Counts changes of the spec, from 1.</summary>
    public long Generation { get; init; } = 1;

    /// <summary>When the object was created.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>When its deletion was asked for; null while nobody did.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>What must be done before a deletion takes place.</summary>
    public IReadOnlyList<string> Finalizers { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
