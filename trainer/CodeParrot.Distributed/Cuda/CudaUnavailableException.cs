namespace CodeParrot.Distributed.Cuda;

/// <summary>CUDA or NCCL is not there, or is too old; the message says what to install.</summary>
public sealed class CudaUnavailableException(string message) : Exception(message);
