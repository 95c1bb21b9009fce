using Xunit.Sdk;
using Xunit.v3;

// One device, one process: its memory, its generator and its streams are shared by all tests.
[assembly: Parallelization(Mode = ParallelMode.None)]
