using Xunit.Sdk;
using Xunit.v3;

// Torch's count of live tensors belongs to the process: tests that use it cannot share it.
[assembly: Parallelization(Mode = ParallelMode.None)]
