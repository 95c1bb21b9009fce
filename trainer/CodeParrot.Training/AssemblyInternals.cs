using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CodeParrot.Training.Tests")]
[assembly: InternalsVisibleTo("CodeParrot.Gpu.Tests")]
[assembly: InternalsVisibleTo("CodeParrot.Benchmarks")]
