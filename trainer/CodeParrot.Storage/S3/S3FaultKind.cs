namespace CodeParrot.Storage.S3;

/// <summary>What a failed request means for the caller.</summary>
internal enum S3FaultKind
{
    /// <summary>Worth another try: the network, a proxy or the server had a bad moment.</summary>
    Transient,

    /// <summary>The body did not arrive as it was sent; worth two more tries.</summary>
    DamagedUpload,

    ObjectMissing,
    BucketMissing,
    ConditionFailed,
    RangeBeyondEnd,
    Denied,
    Full,

    /// <summary>TLS does not trust the server: no try helps.</summary>
    Untrusted,

    /// <summary>The server understood and refuses for another reason.</summary>
    Rejected,
}
