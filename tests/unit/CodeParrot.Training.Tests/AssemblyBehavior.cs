using Xunit.Sdk;
using Xunit.v3;

// Threads, the dropout generator and the count of live tensors belong to the process: engines in it run one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
