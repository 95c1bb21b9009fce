using Xunit.Sdk;
using Xunit.v3;

// Torch's thread count and its count of live tensors belong to the process: tests that use them cannot share it.
[assembly: Parallelization(Mode = ParallelMode.None)]
