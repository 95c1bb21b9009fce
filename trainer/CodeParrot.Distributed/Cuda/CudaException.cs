namespace CodeParrot.Distributed.Cuda;

/// <summary>The CUDA runtime refused a call.</summary>
public class CudaException : Exception
{
    /// <summary>States the call, and what CUDA says of it.</summary>
    public CudaException(string call, int code, string text)
        : base($"{call} failed: {text} (CUDA error {code})")
    {
        Call = call;
        Code = code;
    }

    /// <summary>Name of the function.</summary>
    public string Call { get; }

    /// <summary>The <c>cudaError_t</c>.</summary>
    public int Code { get; }
}
