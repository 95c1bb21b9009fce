namespace CodeParrot.Distributed.Nccl;

/// <summary>NCCL refused a call for a reason that is neither a lost peer nor a fault of the GPU.</summary>
public sealed class NcclException : Exception
{
    /// <summary>States the call, and what NCCL says of it.</summary>
    public NcclException(string call, int code, string text)
        : base(
            $"{call} failed: {text} (NCCL result {code}); NCCL_DEBUG=WARN in spec.workers.template.env makes NCCL say "
                + "more"
        )
    {
        Call = call;
        Code = code;
    }

    /// <summary>Name of the function.</summary>
    public string Call { get; }

    /// <summary>The <c>ncclResult_t</c>.</summary>
    public int Code { get; }
}
