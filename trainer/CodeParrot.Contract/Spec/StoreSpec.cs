namespace CodeParrot.Contract.Spec;

/// <summary>The object store of a run.</summary>
public sealed record StoreSpec
{
    /// <summary>
    /// <c>s3://bucket/prefix</c>, or <c>file:///folder</c>; empty means the local state folder (no cluster).
    /// </summary>
    public string Uri { get; init; } = "";

    /// <summary>Address of an S3-compatible server; empty means Amazon's.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; empty means the SDK's own chain.</summary>
    public string CredentialsSecret { get; init; } = "";

    /// <summary>True addresses buckets in the path, as most compatible servers want it.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Certificate authorities to trust for the endpoint.</summary>
    public CaBundleSpec CaBundle { get; init; } = new();
}
